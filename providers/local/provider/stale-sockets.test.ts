import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { link, rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Folders } from '../folders.ts';
import { removeStaleSockets } from './stale-sockets.ts';

let root: string;
let folders: Folders;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'meridian-sockets-'));
  folders = { state: join(root, 'state'), runtime: join(root, 'run') } as Folders;
  mkdirSync(folders.state);
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** A socket as a killed process leaves it, with its lock file. */
async function leaveSocket(name: string): Promise<void> {
  mkdirSync(folders.runtime, { recursive: true });
  const path = join(folders.runtime, name);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  writeFileSync(`${path}.lock`, '');
  // A server that closes removes its socket; a link to it stays, as that of a killed process would.
  await link(path, `${path}.kept`);
  await new Promise((resolve) => server.close(resolve));
  await rename(`${path}.kept`, path);
}

test('leaves no socket, no lock file and no folder when the last zone has gone', async () => {
  await leaveSocket('a');
  await removeStaleSockets(folders);
  expect(existsSync(folders.runtime)).toBe(false);
});

test('is undisturbed by others who find themselves the last as well', async () => {
  for (let round = 0; round < 20; round += 1) {
    await leaveSocket('a');
    await leaveSocket('b');
    // Each a moment after the one before, so that they meet in every step.
    const others = Array.from({ length: 12 }, async (_, turns) => {
      for (let turn = 0; turn < turns; turn += 1) await setImmediate();
      await removeStaleSockets(folders);
    });
    await Promise.all(others);
    expect(existsSync(folders.runtime)).toBe(false);
  }
});

test('touches nothing while a zone is there, and no file that is not a socket', async () => {
  await leaveSocket('a');
  mkdirSync(join(folders.state, 'zones/b'), { recursive: true });
  await removeStaleSockets(folders);
  expect(existsSync(join(folders.runtime, 'a'))).toBe(true);
  rmSync(join(folders.state, 'zones/b'), { recursive: true });
  writeFileSync(join(folders.runtime, 'note'), 'mine');
  await removeStaleSockets(folders);
  expect(existsSync(join(folders.runtime, 'a'))).toBe(false);
  expect(existsSync(join(folders.runtime, 'note'))).toBe(true);
});
