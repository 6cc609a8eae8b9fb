import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { merchantPasswordFile } from './merchant-password.ts';

let state: string;

beforeEach(() => {
  state = mkdtempSync(path.join(tmpdir(), 'meridian-state-'));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

test('the merchant’s password is made once, for its owner alone', async () => {
  const file = await merchantPasswordFile(state);
  const password = readFileSync(file, 'utf8');
  expect(password).toMatch(/^[A-Za-z0-9_-]{24}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(await merchantPasswordFile(state)).toBe(file);
  expect(readFileSync(file, 'utf8')).toBe(password);
});

test('another platform’s merchant has another password', async () => {
  const other = mkdtempSync(path.join(state, 'other-'));
  const read = async (folder: string): Promise<string> =>
    readFileSync(await merchantPasswordFile(folder), 'utf8');
  expect(await read(other)).not.toBe(await read(state));
});

test.each([0, 12])('a password of which %d characters are left is made again', async (left) => {
  const file = await merchantPasswordFile(state);
  const before = readFileSync(file, 'utf8');
  truncateSync(file, left);
  await merchantPasswordFile(state);
  const after = readFileSync(file, 'utf8');
  expect(after).toMatch(/^[A-Za-z0-9_-]{24}$/);
  expect(after).not.toBe(before);
});
