import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { toldBy } from './told-by.ts';

const run = (script: string) =>
  spawn(process.execPath, ['--eval', script], { stdio: ['ignore', 'pipe', 'pipe'] });

test('a process that ends has told what it wrote, and its code', async () => {
  const script = "console.log('a'); console.error('b'); process.exitCode = 3;";
  expect(await toldBy(run(script), 4)).toEqual({ exitCode: 3, stdout: 'a\n', stderr: 'b\n' });
});

test('a process that tells more than it may is ended, and nothing of it is kept', async () => {
  const child = run("console.log('abc'); console.error('d'); setInterval(() => {}, 1000);");
  expect(await toldBy(child, 5)).toBeUndefined();
  expect(child.signalCode).toBe('SIGKILL');
});
