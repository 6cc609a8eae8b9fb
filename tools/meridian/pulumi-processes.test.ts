import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { childEnvironment, pulumiEnvironment } from './pulumi-environment.ts';
import { removeStaleLocks } from './pulumi-locks.ts';
import { SmallStack } from './testing/small-stack.ts';

jest.setTimeout(120_000);

/** A program that says that it runs, and never ends. */
const ENDLESS = `
import { writeFileSync } from 'node:fs';
writeFileSync(new URL('./running', import.meta.url), String(process.pid));
setInterval(() => {}, 1000);
`;

/** A proxy that refuses everybody, and more that is meant for others. */
const FOREIGN = {
  https_proxy: 'http://127.0.0.1:9',
  http_proxy: 'http://127.0.0.1:9',
  PULUMI_ACCESS_TOKEN: 'of another backend',
  PULUMI_CONFIG_PASSPHRASE: 'of another stack',
  PULUMI_OPTION_STACK: 'another',
  PULUMI_DIY_BACKEND_GZIP: 'true',
  NODE_OPTIONS: '--require /nowhere/to/be/found.cjs',
  LC_ALL: 'tr_TR.UTF-8',
};

let small: SmallStack;
let locks: string;

beforeAll(async () => {
  small = new SmallStack();
  locks = path.join(small.folders.state, 'pulumi/.pulumi/locks');
  await inEnvironment(FOREIGN, async () => {
    const stack = small.open();
    await stack.prepare();
    await stack.capture(['up', '--yes', '--skip-preview', '--stack', 'local']);
    expect(stack.outputs()).toEqual({ answer: 42 });
  });
});
afterAll(async () => {
  await small.remove();
});

/** Does something in a process whose environment has more variables. */
async function inEnvironment(
  more: Readonly<Record<string, string>>,
  work: () => Promise<void>,
): Promise<void> {
  const before = { ...process.env };
  Object.assign(process.env, more);
  try {
    await work();
  } finally {
    for (const name of Object.keys(more)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  }
}

/** Plain Pulumi, as somebody runs it behind a proxy after `meridian env`. */
function plainPulumi(...args: readonly string[]): ChildProcess {
  const caller = { https_proxy: FOREIGN.https_proxy, http_proxy: FOREIGN.http_proxy };
  return spawn('pulumi', [...args, '--stack', 'local', '--non-interactive'], {
    cwd: small.folders.program,
    env: {
      ...childEnvironment(),
      ...caller,
      ...pulumiEnvironment(small.folders, caller),
      PATH: [
        process.env['MERIDIAN_PULUMI_BIN'],
        path.dirname(process.execPath),
        process.env['PATH'],
      ].join(':'),
    },
    stdio: 'ignore',
  });
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Not so within a minute: ${condition.toString()}`);
    await delay(50);
  }
}

describe('Pulumi with what it starts', () => {
  test('works behind a proxy, and in the environment of another Pulumi', async () => {
    // That of beforeAll was ours; this one is the user's own.
    const [code] = (await once(plainPulumi('up', '--yes', '--skip-preview'), 'exit')) as [number];
    expect(code).toBe(0);
  });

  test('is waited for while it lives, and when it is killed neither a process nor a lock stays', async () => {
    const running = path.join(small.folders.program, 'running');
    small.write('index.ts', ENDLESS);
    const pulumi = plainPulumi('up', '--yes', '--skip-preview');
    const ended = once(pulumi, 'exit');
    await until(() => existsSync(running));
    await expect(small.open().prepare()).rejects.toMatchObject({
      code: 'STACK_BUSY',
      message: expect.stringContaining(`(process ${String(pulumi.pid)})`),
    });
    // The program, its language host and Pulumi.
    expect(small.processes().length).toBeGreaterThanOrEqual(3);
    pulumi.kill('SIGKILL');
    await ended;
    await until(() => small.processes().length === 0);
    await small.open().prepare();
    expect(filesIn(locks)).toEqual([]);
  });
});

describe('a lock of Pulumi', () => {
  const lockedBy = (pid: number, timestamp = new Date().toISOString()): string =>
    JSON.stringify({ pid, username: 'somebody', hostname: 'somewhere', timestamp });

  test.each([
    ['names a process that is not Pulumi, as after a reboot', () => lockedBy(1)],
    ['names this very process', () => lockedBy(process.pid)],
    ['is empty', () => ''],
    ['is cut short', () => lockedBy(1).slice(0, 20)],
    ['is nothing', () => 'null'],
  ])('is removed when it %s', (_what, content) => {
    const folder = path.join(locks, 'organization/meridian/local');
    mkdirSync(folder, { recursive: true });
    for (const name of ['one.json', 'fileblob1']) writeFileSync(path.join(folder, name), content());
    expect(removeStaleLocks(locks)).toBeUndefined();
    expect(filesIn(locks)).toEqual([]);
  });

  test('holds while a Pulumi lives that was there when it was taken, and no other', async () => {
    // The name of a process is that of its file.
    const pulumi = path.join(small.root, 'pulumi');
    copyFileSync('/bin/sleep', pulumi);
    const child = spawn(pulumi, ['600'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    await until(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'pulumi');
    const file = path.join(locks, 'organization/meridian/local/one.json');
    writeFileSync(file, lockedBy(pid));
    expect(removeStaleLocks(locks)).toBe(pid);
    expect(filesIn(locks)).toEqual(['one.json']);
    writeFileSync(file, lockedBy(pid, new Date(Date.now() - 3_600_000).toISOString()));
    expect(removeStaleLocks(locks)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}
