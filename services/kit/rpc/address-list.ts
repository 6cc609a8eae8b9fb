import { isIP } from 'node:net';

/** An address of a peer. */
export interface PeerAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads a list of addresses: one `host:port` a line, IPv6 hosts in brackets, comments after '#'.
 * Throws with the line's number if a line is neither, so that a half-written file is not taken for
 * a shorter list.
 */
export function parseAddressList(text: string): readonly PeerAddress[] {
  return text.split('\n').flatMap((line, index) => {
    const content = line.replace(/#.*/, '').trim();
    if (content === '') return [];
    const match = /^(?:\[(?<six>[^\]]+)\]|(?<four>[^:[\]]+)):(?<port>\d{1,5})$/.exec(content);
    const host = match?.groups?.['six'] ?? match?.groups?.['four'] ?? '';
    const port = Number(match?.groups?.['port']);
    if (isIP(host) === 0 || port < 1 || port > 65_535) {
      throw new Error(`line ${index + 1} must be an IP address and a port, got '${content}'`);
    }
    return [{ host, port }];
  });
}
