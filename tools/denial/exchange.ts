import { connect } from 'node:tls';
import type { Server, TlsMaterial } from './attempt.ts';

const TIMEOUT_MS = 10_000;

/**
 * Says one thing over TLS and gives what is answered, as soon as it is whole. Without a library
 * between: nothing is tried twice, and nothing that the server says is put into other words.
 * Throws Error for a failed handshake, silence, and a connection that ends before.
 */
export async function exchange(
  server: Server,
  tls: TlsMaterial,
  request: Buffer,
  isWhole: (answer: Buffer) => boolean,
): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ ...server, ...tls, checkServerIdentity: () => undefined });
    let answer = Buffer.alloc(0);
    socket.setTimeout(TIMEOUT_MS, () => {
      reject(new Error(`no answer in ${TIMEOUT_MS} ms`));
      socket.destroy();
    });
    socket.once('secureConnect', () => socket.write(request));
    socket.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk]);
      if (!isWhole(answer)) return;
      resolve(answer);
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed without an answer')));
  });
}
