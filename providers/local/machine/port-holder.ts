import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError, messageOf } from '@meridian/language/thrown.ts';
import { allPids, commandOf, unlessUnseen } from './process-table.ts';

/** Where a process is about to listen. */
export interface Listen {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** Who listens at a port. */
export interface PortHolder {
  readonly uid: number;
  /** Absent when the holder's files may not be looked at: it is another user's. */
  readonly pid?: number;
  readonly command?: string;
}

const LISTEN_STATE = '0A';

/**
 * Makes sure that a process could listen at each address.
 * @throws {CodedError} PORT_TAKEN naming the holder, ADDRESS_UNUSABLE
 */
export async function checkPortsFree(process: string, listens: readonly Listen[]): Promise<void> {
  for (const listen of listens) {
    const where = `${listen.address}:${listen.port}`;
    const failure = await tryListen(listen.address, listen.port);
    if (failure === undefined) {
      continue;
    }
    if (isSystemError(failure, 'EADDRINUSE')) {
      throw new CodedError(
        'PORT_TAKEN',
        `Process '${process}': its port '${listen.name}' ${where} is taken by ${describeHolder(findPortHolder(listen.address, listen.port))}; stop that, or choose other ports (pulumi config set meridian:portBase, meridian:edgePort)`,
        { cause: failure },
      );
    }
    throw new CodedError(
      'ADDRESS_UNUSABLE',
      `Process '${process}': it cannot listen at its port '${listen.name}' ${where}: ${messageOf(failure)}`,
      { cause: failure },
    );
  }
}

/** Who listens at an address and port (also through the wildcard address), from /proc (proc(5)). */
export function findPortHolder(address: string, port: number): PortHolder | undefined {
  const sockets = [
    ...listeningSockets('/proc/net/tcp', [hexAddress(address), '00000000'], port),
    ...listeningSockets(
      '/proc/net/tcp6',
      [`0000000000000000FFFF0000${hexAddress(address)}`, '0'.repeat(32)],
      port,
    ),
  ];
  const [socket] = sockets;
  if (socket === undefined) {
    return undefined;
  }
  const pid = pidWithSocket(socket.inode);
  return pid === undefined
    ? { uid: socket.uid }
    : { uid: socket.uid, pid, command: commandOf(pid) };
}

/** A holder in words. */
export function describeHolder(holder: PortHolder | undefined): string {
  if (holder === undefined) {
    return 'a process that is not to be seen from here';
  }
  return holder.pid === undefined
    ? `a process of another user (uid ${holder.uid}; 'sudo ss -ltnp' names it)`
    : `pid ${holder.pid} (${holder.command ?? 'unknown'})`;
}

/** Why nobody could listen there now. The kernel's own verdict: binding tells more surely than any table. */
export function tryListen(host: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** IPv4 as the kernel prints it: the four bytes in host order, which is little-endian here. */
function hexAddress(address: string): string {
  return address
    .split('.')
    .reverse()
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

function listeningSockets(
  table: string,
  addresses: readonly string[],
  port: number,
): readonly { readonly inode: string; readonly uid: number }[] {
  const wanted = addresses.map(
    (address) => `${address}:${port.toString(16).padStart(4, '0').toUpperCase()}`,
  );
  return readLines(table)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTEN_STATE && wanted.includes(fields[1] ?? ''))
    .map((fields) => ({ uid: Number(fields[7]), inode: fields[9] ?? '' }));
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(1);
  } catch (thrown) {
    // A kernel without IPv6 has no such table.
    if (isSystemError(thrown, 'ENOENT')) {
      return [];
    }
    throw thrown;
  }
}

function pidWithSocket(inode: string): number | undefined {
  const target = `socket:[${inode}]`;
  return allPids().find((pid) => linksOf(`/proc/${pid}/fd`).includes(target));
}

function linksOf(folder: string): readonly string[] {
  // One by one: files are closed while one looks, and in this very process the folder itself.
  return unlessUnseen(() => readdirSync(folder), []).flatMap((name) =>
    unlessUnseen(() => [readlinkSync(`${folder}/${name}`)], []),
  );
}
