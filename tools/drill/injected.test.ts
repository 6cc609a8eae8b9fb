import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { identify } from '@meridian/provider-local/machine/process-table.ts';
import { Injected } from './injected.ts';
import { injectedFile } from './injected-file.ts';
import { takeBackLeftBehind } from './left-behind.ts';
import type { StutterStep } from './steps/step.ts';

let folders: Folders;
let victim: ChildProcess;
let step: StutterStep;

beforeEach(() => {
  const state = mkdtempSync(path.join(tmpdir(), 'meridian-drill-'));
  folders = { state, data: state, runtime: state, cache: state, program: state };
  victim = spawn('sleep', ['1000']);
  const identity = identify(victim.pid ?? 0);
  if (identity === undefined) throw new Error('nothing to stop');
  step = { kind: 'stutter', processes: [identity], stoppedMs: 60_000, runningMs: 1 };
});

afterEach(() => {
  victim.kill('SIGKILL');
  rmSync(folders.state, { recursive: true });
});

/** A letter of proc(5): 'T' while it is stopped. */
const state = () => processState(victim.pid ?? 0);

test('what is injected is noted, and taken back as if nothing had been', async () => {
  const injected = await Injected.open(folders);
  await injected.apply([step]);
  await eventually(() => expect(state()).toBe('T'));
  expect(existsSync(injectedFile(folders))).toBe(true);
  await injected.takeBack();
  await eventually(() => expect(state()).not.toBe('T'));
  expect([existsSync(injectedFile(folders)), injected.count]).toEqual([false, 0]);
});

test('what a drill left that was killed is taken back by whoever comes next', async () => {
  const killed = await Injected.open(folders);
  await killed.apply([step]);
  expect(await takeBackLeftBehind(folders)).toBe(true);
  await eventually(() => expect(state()).not.toBe('T'));
  expect(existsSync(injectedFile(folders))).toBe(false);
  await killed.takeBack();
});

test('where no drill left anything, there is nothing to take back', async () => {
  expect(await takeBackLeftBehind(folders)).toBe(true);
});

function processState(pid: number): string | undefined {
  return /\) (\w) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
}
