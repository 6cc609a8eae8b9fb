import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort, isFree } from './free-port.ts';

const ADDRESS = '127.0.0.1';

test('a port is free until somebody listens there, and again after that', async () => {
  const port = await freePort(ADDRESS);
  expect(await isFree(port, ADDRESS)).toBe(true);
  const server = createServer().listen(port, ADDRESS);
  await once(server, 'listening');
  expect(await isFree(port, ADDRESS)).toBe(false);
  server.close();
  await once(server, 'close');
  expect(await isFree(port, ADDRESS)).toBe(true);
});
