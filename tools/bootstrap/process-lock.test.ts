import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { acquire, processStartTime } from './process-lock.mjs';

let folder: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-lock-'));
  lock = path.join(folder, 'lock');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a lock is refused to a second taker, who is told the first, until it is released', () => {
  const release = acquire(lock, "'npm start'");
  expect(() => acquire(lock, "'npm stop'")).toThrow(
    new RegExp(`'npm start' is already at work \\(process ${process.pid},`),
  );
  release();
  expect(existsSync(lock)).toBe(false);
  acquire(lock, "'npm stop'")();
});

test('a lock of a process that has ended is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  writeFileSync(lock, JSON.stringify({ pid: child.pid, startTime: '1', purpose: 'old' }));
  acquire(lock, 'new')();
});

test('a pid that was given again to another process does not hold the lock', () => {
  writeFileSync(lock, JSON.stringify({ pid: process.pid, startTime: '1', purpose: 'old' }));
  expect(processStartTime(process.pid)).not.toBe('1');
  acquire(lock, 'new')();
});

test('a lock of another boot is taken over, though pid and start time are those of this process', () => {
  const release = acquire(lock, 'old');
  const held = JSON.parse(readFileSync(lock, 'utf8')) as object;
  release();
  writeFileSync(lock, JSON.stringify({ ...held, bootId: 'another' }));
  acquire(lock, 'new')();
});

test.each(['', '{"pid":', 'null', '7'])(
  'a lock file that was cut short to %j does not block',
  (torn) => {
    writeFileSync(lock, torn);
    acquire(lock, 'new')();
  },
);

test('a folder in the place of a lock is named', () => {
  mkdirSync(lock);
  expect(() => acquire(lock, 'new')).toThrow(
    expect.objectContaining({ code: 'EISDIR', path: lock }),
  );
});

test('a lock that another has taken since one looked is left to it', async () => {
  // The first look finds that the holder has just let go; the next taker comes before a second look.
  const script = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const [, lock, module] = process.argv;
    const { acquire } = await import(module);
    acquire(lock, 'the one before');
    const [read, held] = [fs.readFileSync, fs.readFileSync(lock)];
    fs.readFileSync = (file, ...rest) => {
      if (file !== lock) return read(file, ...rest);
      fs.readFileSync = read;
      syncBuiltinESMExports();
      fs.rmSync(lock);
      try {
        return read(file, ...rest);
      } finally {
        fs.writeFileSync(lock, held);
      }
    };
    syncBuiltinESMExports();
    try { acquire(lock, 'the second'); console.log('taken twice'); }
    catch (error) { console.log(error.code); }`;
  const args = ['--input-type=module', '-e', script, lock];
  const module = new URL('process-lock.mjs', import.meta.url).href;
  const child = spawn(process.execPath, [...args, module]);
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  expect(said).toBe('LOCK_HELD\n');
});
