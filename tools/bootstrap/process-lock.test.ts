import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { acquire, processStartTime } from './process-lock.mjs';

let folder: string;
let lock: string;
let started: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-lock-'));
  lock = path.join(folder, 'lock');
  started = [];
});
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
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

const MODULE = new URL('process-lock.mjs', import.meta.url).href;

/** A process that tries to take the lock and says how that went; with the lock it stays. */
function starter(purpose: string, env = process.env): ChildProcessByStdio<null, Readable, null> {
  const script = `
    const { acquire } = await import(process.argv[1]);
    try {
      acquire(process.argv[2], process.argv[3]);
      setInterval(() => undefined, 60_000);
      process.stdout.write('taken');
    } catch (error) { process.stdout.write(error.code + ': ' + error.message); }`;
  const args = ['--input-type=module', '-e', script, MODULE, lock, purpose];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  started.push(child);
  return child;
}

async function answer({ stdout }: { readonly stdout: Readable }): Promise<string> {
  const [said] = (await once(stdout, 'data')) as [Buffer];
  return said.toString();
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test('of ten starters at once over the lock of one that was killed, one gets it, and the next after it', async () => {
  const first = starter("'npm start'");
  expect(await answer(first)).toBe('taken');
  expect(await answer(starter("'npm stop'"))).toBe(
    `LOCK_HELD: 'npm start' is already at work (process ${first.pid}, lock ${lock}); wait for it to end, or stop it with Ctrl-C where it runs.`,
  );
  await kill(first);
  for (let round = 0; round < 2; round += 1) {
    const starters = Array.from({ length: 10 }, (_, number) => starter(`starter ${number}`));
    const answers = await Promise.all(starters.map(answer));
    expect(answers.filter((said) => said === 'taken')).toHaveLength(1);
    expect(answers.filter((said) => said.startsWith('LOCK_HELD'))).toHaveLength(9);
    await Promise.all(
      starters.filter((_, number) => answers[number] === 'taken').map((holder) => kill(holder)),
    );
  }
}, 60_000);

test('three who race for many locks of dead holders never both get one', async () => {
  const dead = JSON.stringify({ pid: 1, startTime: 'never', bootId: 'another', purpose: 'old' });
  const locks = Array.from({ length: 100 }, (_, number) => `${lock}-${number}`);
  for (const file of locks) writeFileSync(file, dead);
  const script = `
    const [, module, startAt, ...locks] = process.argv;
    const { acquire } = await import(module);
    while (Date.now() < Number(startAt)) {}
    const taken = locks.filter((lock) => {
      try { acquire(lock, 'a racer'); return true; }
      catch (error) { if (error.code !== 'LOCK_HELD') throw error; return false; }
    });
    process.stdout.write(JSON.stringify(taken));
    setInterval(() => undefined, 60_000);`;
  const startAt = String(Date.now() + 1000);
  const racers = [1, 2, 3].map(() => {
    const args = ['--input-type=module', '-e', script, MODULE, startAt, ...locks];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(child);
    return child;
  });
  const taken = await Promise.all(racers.map(answer));
  expect(taken.flatMap((text) => JSON.parse(text) as string[]).sort()).toEqual(locks.sort());
}, 60_000);

test('a lock is not kept by what its holder has started', async () => {
  const release = acquire(lock, 'the parent');
  const child = spawn('sleep', ['60']);
  started.push(child);
  await once(child, 'spawn');
  release();
  acquire(lock, 'the next')();
});

test("a lock whose folder was removed is nobody's, and its release leaves that of the next alone", () => {
  const release = acquire(lock, 'the first');
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const releaseNext = acquire(lock, 'the next');
  release();
  expect(() => acquire(lock, 'a third')).toThrow(/the next is already at work/);
  releaseNext();
});

test('without flock no lock is taken, and the message says how to get it', async () => {
  expect(await answer(starter('new', { PATH: folder }))).toBe(
    `FLOCK_MISSING: Lock ${lock}: 'flock' of util-linux must be on the PATH, got ${folder}; install util-linux`,
  );
});
