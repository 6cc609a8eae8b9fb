import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
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

test('the merchant’s password is made once, for its owner alone', () => {
  const file = merchantPasswordFile(state);
  const password = readFileSync(file, 'utf8');
  expect(password).toMatch(/^[A-Za-z0-9_-]{24}$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  expect(merchantPasswordFile(state)).toBe(file);
  expect(readFileSync(file, 'utf8')).toBe(password);
});

test('another platform’s merchant has another password', () => {
  const other = mkdtempSync(path.join(state, 'other-'));
  const read = (folder: string): string => readFileSync(merchantPasswordFile(folder), 'utf8');
  expect(read(other)).not.toBe(read(state));
});
