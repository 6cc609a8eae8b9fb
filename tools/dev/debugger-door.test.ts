import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { DebuggerDoor } from './debugger-door.ts';

const closes: { close(): unknown }[] = [];
afterEach(() => {
  for (const open of closes.splice(0)) open.close();
});

/** A replica's debugger, which says which one it is. */
async function replica(says: string): Promise<number> {
  const server: Server = createServer((socket) => socket.on('error', () => undefined).end(says));
  closes.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function hear(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
  await once(socket, 'close');
  return heard;
}

test('a debugger finds at one address whichever replica serves', async () => {
  const port = await freePort('127.0.0.1');
  const door = await DebuggerDoor.open(port);
  closes.push(door);
  expect(await hear(port)).toBe('');
  for (const says of ['first', 'second']) {
    door.lead({ address: '127.0.0.1', port: await replica(says) });
    expect(await hear(port)).toBe(says);
  }
});

test('a port that is taken is refused, and named', async () => {
  const port = await replica('somebody else');
  await expect(DebuggerDoor.open(port)).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringContaining(String(port)) as unknown,
  });
});
