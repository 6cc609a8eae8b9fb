import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { folderDigest, LongRun } from './long-run.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-long-'));
  file = path.join(folder, 'long.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a long run', () => {
  test('that was interrupted goes on with the suites that have not passed', () => {
    new LongRun(file, 'one').note('a.test.ts', 3);
    const next = new LongRun(file, 'one');
    expect([next.passedIn('a.test.ts'), next.passedIn('b.test.ts')]).toEqual([3, undefined]);
    next.note('b.test.ts', 1);
    expect(new LongRun(file, 'one').passedIn('a.test.ts')).toBe(3);
  });

  test('begins again once it has ended well, and for another program', () => {
    new LongRun(file, 'one').note('a.test.ts', 3);
    expect(new LongRun(file, 'other').passedIn('a.test.ts')).toBeUndefined();
    new LongRun(file, 'one').forget();
    expect(new LongRun(file, 'one').passedIn('a.test.ts')).toBeUndefined();
  });

  test.each(['', '{"program":"one","pas'])('begins again if its memory is cut to %j', (left) => {
    writeFileSync(file, left);
    expect(new LongRun(file, 'one').passedIn('a.test.ts')).toBeUndefined();
  });
});

test('a program is another one when a file of it changes, and not for its packages', () => {
  mkdirSync(path.join(folder, 'node_modules'));
  writeFileSync(path.join(folder, 'a.ts'), 'one');
  const before = folderDigest(folder);
  writeFileSync(path.join(folder, 'node_modules/b.ts'), 'one');
  expect(folderDigest(folder)).toBe(before);
  writeFileSync(path.join(folder, 'a.ts'), 'other');
  expect(folderDigest(folder)).not.toBe(before);
});
