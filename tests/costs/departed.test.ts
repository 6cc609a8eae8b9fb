import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { Departed } from './departed.ts';

const BURN_MICROSECONDS = 300_000;
const burn = `
  const end = process.cpuUsage().user + ${BURN_MICROSECONDS};
  while (process.cpuUsage().user < end);
  console.log(process.pid);
  setInterval(() => undefined, 1000);`;
const parent = `
  const options = { detached: true, stdio: ['ignore', 'inherit', 'ignore'] };
  require('node:child_process').spawn(process.execPath, ['-e', process.argv[1]], options).unref();
  setInterval(() => undefined, 1000);`;

test('a process whose parent has ended stays with the suite below which it was seen', async () => {
  const departed = new Departed();
  departed.watch(process.pid);
  const middle = spawn(process.execPath, ['-e', parent, burn], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(middle.stdout.setEncoding('utf8'), 'data')) as [string];
  try {
    departed.look();
    middle.kill('SIGKILL');
    await once(middle, 'exit');
    departed.look();
    expect(departed.secondsOf(process.pid)).toBeGreaterThanOrEqual(BURN_MICROSECONDS / 1e6);
  } finally {
    process.kill(Number(line), 'SIGKILL');
  }
});

test('what the suite itself waits for is not counted twice', async () => {
  const departed = new Departed();
  departed.watch(process.pid);
  const child = spawn(process.execPath, ['-e', burn], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  departed.look();
  child.kill('SIGKILL');
  await once(child, 'exit');
  departed.look();
  expect(departed.secondsOf(process.pid)).toBe(0);
});
