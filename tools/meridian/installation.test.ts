import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { acquire, processStartTime } from '../bootstrap/process-lock.mjs';
import { installEngines } from './installation.ts';

let folder: string;
let cache: string;
const before = process.env['MERIDIAN_CACHE'];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-installation-'));
  cache = path.join(folder, 'cache');
  mkdirSync(cache);
  process.env['MERIDIAN_CACHE'] = cache;
});
afterEach(() => {
  if (before === undefined) delete process.env['MERIDIAN_CACHE'];
  else process.env['MERIDIAN_CACHE'] = before;
  rmSync(folder, { recursive: true });
});

test('while engines of telemetry are built, whoever needs others is not held up', async () => {
  const release = acquire(path.join(cache, 'install-telemetry.lock'), 'a build');
  await expect(installEngines({ quiet: true, only: [] })).resolves.toEqual({});
  await expect(installEngines({ quiet: true, only: [], telemetry: true })).rejects.toMatchObject({
    code: 'LOCK_HELD',
  });
  release();
});

/** A `go` that says where its compiler runs, and compiles for ever. */
const ENDLESS_GO = `#!/bin/sh
if [ "$1" = env ]; then echo go1.99; exit; fi
sleep 600 &
echo $$ $! >"$PIDS.new" && mv "$PIDS.new" "$PIDS"
wait
`;

test('Ctrl-C in a build ends its compilers and leaves neither folder nor lock', async () => {
  const pids = path.join(folder, 'pids');
  writeFileSync(path.join(folder, 'go'), ENDLESS_GO, { mode: 0o755 });
  const main = path.join(import.meta.dirname, 'testing/install-telemetry.ts');
  const installation = spawn(process.execPath, [main], {
    env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}`, PIDS: pids },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = text(installation.stderr);
  const ended = once(installation, 'exit');
  while (!existsSync(pids)) await delay(20);
  installation.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(await said).toContain('Interrupted.');
  for (const pid of readFileSync(pids, 'utf8').trim().split(' ').map(Number)) {
    while (processStartTime(pid) !== undefined) await delay(20);
  }
  expect(readdirSync(path.join(cache, 'otelcol'))).toEqual([]);
  expect(readdirSync(cache).toSorted()).toEqual(['build', 'otelcol']);
});
