import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { LOOPBACK } from './loopback.ts';

/** A certificate with its chain and its key, and what a client trusts; each PEM. */
export interface Shown {
  readonly chain: string;
  readonly key: string;
  readonly trusted: string;
}

/** Whether a client of TLS takes a certificate: 'trusted', or why not. Names are not compared. */
export async function handshake({ chain, key, trusted }: Shown): Promise<string> {
  const server = createServer({ cert: chain, key }, (socket) => socket.end());
  server.on('tlsClientError', () => undefined);
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({
    host: LOOPBACK,
    port,
    ca: trusted,
    checkServerIdentity: () => undefined,
  });
  try {
    return await new Promise((resolve) => {
      client.on('secureConnect', () => resolve('trusted'));
      client.on('error', ({ message }: Error) => resolve(message));
    });
  } finally {
    client.destroy();
    server.close();
  }
}
