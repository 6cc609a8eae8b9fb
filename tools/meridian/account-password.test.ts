import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { accountPasswordFile } from './account-password.ts';

let state: string;

beforeEach(() => {
  state = mkdtempSync(path.join(tmpdir(), 'meridian-state-'));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

test('the password of a role’s account is made once, for its owner alone', async () => {
  const file = await accountPasswordFile(state, 'merchant');
  const password = readFileSync(file, 'utf8');
  expect(password).toMatch(/^[A-Za-z0-9_-]{24}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(await accountPasswordFile(state, 'merchant')).toBe(file);
  expect(readFileSync(file, 'utf8')).toBe(password);
});

test('another role and another platform’s merchant have other passwords', async () => {
  const other = mkdtempSync(path.join(state, 'other-'));
  const read = async (folder: string): Promise<string> =>
    readFileSync(await accountPasswordFile(folder, 'merchant'), 'utf8');
  expect(await read(other)).not.toBe(await read(state));
  expect(await accountPasswordFile(state, 'support')).not.toBe(
    await accountPasswordFile(state, 'merchant'),
  );
});

test.each([0, 12])('a password of which %d characters are left is made again', async (left) => {
  const file = await accountPasswordFile(state, 'merchant');
  const before = readFileSync(file, 'utf8');
  truncateSync(file, left);
  await accountPasswordFile(state, 'merchant');
  const after = readFileSync(file, 'utf8');
  expect(after).toMatch(/^[A-Za-z0-9_-]{24}$/);
  expect(after).not.toBe(before);
});
