import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { othersThan, processorTimes, usedBy } from './processor-time.ts';
import type { ProcessorTimes } from './processor-time.ts';

const SPIN =
  'const end = process.cpuUsage().user + 400_000; while (process.cpuUsage().user < end);';

describe('processor times', () => {
  let before: ProcessorTimes;
  let after: ProcessorTimes;
  let parent: ReturnType<typeof spawn>;
  let pid = 0;

  // One process works; another has a child work for it, and waits for its end.
  beforeAll(async () => {
    before = processorTimes();
    parent = spawn(
      process.execPath,
      [
        '-e',
        `require('child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(SPIN)}]);
         process.stdout.write('done'); process.stdin.resume();`,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    if (parent.stdout === null) throw new Error('no output');
    await once(parent.stdout, 'data');
    pid = parent.pid ?? 0;
    after = processorTimes();
  });
  afterAll(() => {
    parent.stdin?.end();
  });

  test('count what a process has waited for as its own', () => {
    expect(usedBy([pid, pid], before, after)).toBeGreaterThanOrEqual(400);
  });

  test('count of a child that ended only what it did meanwhile', async () => {
    const child = spawn(process.execPath, [
      '-e',
      `${SPIN} process.stdout.write('done'); process.stdin.resume();`,
    ]);
    await once(child.stdout, 'data');
    const spun = processorTimes();
    child.stdin.end();
    await once(child, 'close');
    const ended = processorTimes();
    expect(spun.byPid.get(child.pid ?? 0)?.ms).toBeGreaterThanOrEqual(400);
    expect(usedBy([process.pid], spun, ended)).toBeLessThan(400);
  });

  test('count nothing of a process that has ended, or was idle', () => {
    expect(usedBy([2 ** 30], before, after)).toBe(0);
    expect(usedBy([pid], after, after)).toBe(0);
  });

  test('name others at work by their share of the machine, and none of ours', () => {
    const shareOf = (ours: readonly number[]): number =>
      othersThan(ours, before, after).find(({ name }) => name === 'node')?.share ?? 0;
    expect(shareOf([])).toBeGreaterThan(shareOf([pid]));
  });
});
