import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { madeOnce } from './made-once.ts';
import { RUN_FOLDER } from './run-folder.ts';

const run = process.env[RUN_FOLDER];
let folder: string;
let times = 0;
const make = () => {
  times += 1;
  return Promise.resolve({ times, nothing: undefined });
};

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'monce-'));
  process.env[RUN_FOLDER] = folder;
  times = 0;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  if (run === undefined) Reflect.deleteProperty(process.env, RUN_FOLDER);
  else process.env[RUN_FOLDER] = run;
});

describe('what many suites look at', () => {
  test('is made for the first that asks, and read by the others, who may alter what they got', async () => {
    Object.assign(await madeOnce('sample', make), { times: 7 });
    expect(await madeOnce('sample', make)).toEqual({ times: 1 });
    expect(times).toBe(1);
    expect(readdirSync(folder)).toEqual(['sample.json']);
  });

  test('has for the first no more than for the others', async () => {
    expect(Object.keys(await madeOnce('sample', make))).toEqual(['times']);
    expect(Object.keys(await madeOnce('sample', make))).toEqual(['times']);
  });

  test('is made for each where jest has opened no folder', async () => {
    Reflect.deleteProperty(process.env, RUN_FOLDER);
    await madeOnce('sample', make);
    await madeOnce('sample', make);
    expect(times).toBe(2);
  });
});
