import { createServer } from 'node:net';
import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { isSystemError } from '@meridian/language/thrown.ts';

/**
 * Below the ports that the kernel gives to outgoing connections: one of those may be taken again
 * between asking and listening. End-to-end tests have their blocks from 20000 on.
 */
const FIRST_PORT = 10_000;
const LAST_PORT = 20_000;

/** As many as jest.config.js has; each has ports of its own, since what was asked for is not yet taken. */
export const WORKERS = 3;

const PORTS_OF_A_WORKER = Math.floor((LAST_PORT - FIRST_PORT) / WORKERS);

/** No test gets a port twice: the first may be asked for and not yet listened on. */
const given = new Set<number>();

/** A TCP port that nobody listened on at the time of asking, at random, since tests run side by side. */
export async function freePort(address: string): Promise<number> {
  const worker = (Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % WORKERS;
  const first = FIRST_PORT + worker * PORTS_OF_A_WORKER;
  for (;;) {
    const port = randomInt(first, first + PORTS_OF_A_WORKER);
    if (given.has(port) || !(await isFree(port, address))) continue;
    given.add(port);
    return port;
  }
}

/** Whether one could listen there now. */
export async function isFree(port: number, address: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, address);
    await once(server, 'listening');
  } catch (error) {
    if (isSystemError(error, 'EADDRINUSE')) return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
