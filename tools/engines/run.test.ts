import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { processStartTime } from '../bootstrap/process-lock.mjs';
import { run } from './run.ts';

test('a command that is interrupted ends with all that it has started', async () => {
  const abort = new AbortController();
  const pids: number[] = [];
  const running = run({
    // The shell tells its child's pid and waits for it, as go does for its compilers.
    argv: ['sh', '-c', 'sleep 60 & echo $$ $!; wait'],
    signal: abort.signal,
    onLine: (line) => {
      pids.push(...line.split(' ').map(Number));
      abort.abort();
    },
  });
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  expect(pids).toHaveLength(2);
  while (pids.some((pid) => processStartTime(pid) !== undefined)) await delay(10);
});

test('a command that is interrupted before it begins does nothing', async () => {
  const running = run({ argv: ['sleep', '60'], signal: AbortSignal.abort() });
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
});
