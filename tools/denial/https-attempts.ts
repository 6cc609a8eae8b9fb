import { connect } from 'node:tls';
import type { Attempt, Outcome, Principal, TlsMaterial } from './attempt.ts';
import { outcomeOfTlsError } from './tls-refusal.ts';

const TIMEOUT_MS = 10_000;

/** Every principal at the gateway's own door, which is for the edge alone. */
export function httpsAttempts(
  gateway: string,
  address: string,
  principals: readonly Principal[],
): readonly Attempt[] {
  return principals.map(({ name, tls }) => ({
    engine: 'https',
    caller: name,
    object: gateway,
    action: 'GET /openapi.json',
    declared: name === 'edge',
    carryOut: () => get(address, tls),
  }));
}

/**
 * A request without a library between, since the gateway closes the connection of a peer that is not
 * the edge before it answers anything: exactly that is the refusal.
 */
async function get(address: string, tls: TlsMaterial): Promise<Outcome> {
  const [host, port] = address.split(':');
  return await new Promise((resolve) => {
    let shaken = false;
    const socket = connect({
      host,
      port: Number(port),
      ...tls,
      checkServerIdentity: () => undefined,
    });
    socket.setTimeout(TIMEOUT_MS, () => {
      resolve({ verdict: 'unclear', detail: `no answer in ${TIMEOUT_MS} ms` });
      socket.destroy();
    });
    socket.once('secureConnect', () => {
      shaken = true;
      socket.write('GET /openapi.json HTTP/1.1\r\nHost: denial\r\nConnection: close\r\n\r\n');
    });
    socket.once('data', (chunk: Buffer) => {
      resolve({ verdict: 'admitted', detail: chunk.toString('latin1').split('\r\n', 1)[0] ?? '' });
      socket.destroy();
    });
    socket.once('error', (error) => resolve(outcomeOfTlsError(error)));
    socket.once('close', () => {
      const detail = 'the connection was closed without an answer';
      resolve({ verdict: shaken ? 'refused' : 'unclear', detail });
    });
  });
}
