import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const reader = pathToFileURL(path.join(import.meta.dirname, 'reader.ts')).href;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-reader-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a program whose reader goes after the first line, and gives its exit code. */
async function readOneLineOf(program: string): Promise<number | null> {
  const given = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program];
  const child = spawn(process.execPath, given, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = (await ended) as [number | null];
  return code;
}

/** Prints until nobody reads, and then goes on with its work. */
const work = `
  let lines = 0;
  const timer = setInterval(() => {
    process.stdout.write('line\\n');
    if (++lines < 20) return;
    clearInterval(timer);
    writeFileSync('done', '');
    process.exitCode = 7;
  }, 10);`;

test('a command goes on without its reader, and its exit code is its own', async () => {
  const code = await readOneLineOf(`
    import { writeFileSync } from 'node:fs';
    import { goOnWithoutReader } from '${reader}';
    goOnWithoutReader(false);
    ${work}`);
  expect([code, existsSync(path.join(folder, 'done'))]).toEqual([7, true]);
});

test('a command that only prints ends with its reader, as by SIGPIPE', async () => {
  const code = await readOneLineOf(`
    import { writeFileSync } from 'node:fs';
    import { goOnWithoutReader } from '${reader}';
    goOnWithoutReader(true);
    ${work}`);
  expect([code, existsSync(path.join(folder, 'done'))]).toEqual([141, false]);
});

test('what a command runs goes on without the reader too', async () => {
  const code = await readOneLineOf(`
    import { spawn } from 'node:child_process';
    import { goOnWithoutReader, showOutput } from '${reader}';
    goOnWithoutReader(false);
    const script = 'for i in $(seq 500); do echo line; echo said >&2; done; touch done; exit 5';
    const child = spawn('/bin/sh', ['-c', script], { stdio: ['inherit', 'pipe', 'pipe'] });
    showOutput({ stdout: child.stdout, stderr: null }, { quiet: false });
    child.stderr.resume();
    child.on('close', (code) => { process.exitCode = code; });`);
  expect([code, existsSync(path.join(folder, 'done'))]).toEqual([5, true]);
});
