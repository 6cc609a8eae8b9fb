import { createServer } from 'node:net';
import { once } from 'node:events';
import { randomInt } from 'node:crypto';

/**
 * Below the ports that the kernel gives to outgoing connections: one of those may be taken again
 * between asking and listening. End-to-end tests have their blocks from 20000 on.
 */
const FIRST_PORT = 10_000;
const PAST_LAST_PORT = 20_000;

/** A TCP port that nobody listened on at the time of asking, at random, since tests run side by side. */
export async function freePort(address: string): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, PAST_LAST_PORT);
    if (await isFree(port, address)) return port;
  }
}

/** Whether one could listen there now. */
export async function isFree(port: number, address: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, address);
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
