import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { EMPTY_ROOT } from '@meridian/verifier/hashing.ts';
import { TestSigner } from '@meridian/verifier/testing/test-signer.ts';
import { newestHead } from './newest-head.ts';

const signer = new TestSigner('meridian.example/audit/1');
const witness = new TestSigner('witness.example', 4);

let folder: string;
let said: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'heads-'));
  said = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const nameOf = (size: number): string => `${size}`.padStart(20, '0');
const put = (size: number, note: string): void =>
  writeFileSync(path.join(folder, nameOf(size)), note);
const newest = (largest = 999, seenBy = {}) =>
  newestHead(
    { vkeys: [signer.vkey], heads: { folder, largest }, log: 1 },
    { witnesses: [], quorum: 0, ...seenBy },
  );

test("somebody's text under a larger name, and a head under another size, are passed over and named", () => {
  put(3, signer.checkpoint(3, EMPTY_ROOT));
  put(20, signer.checkpoint(20, EMPTY_ROOT));
  put(40, signer.checkpoint(3, EMPTY_ROOT));
  put(50, new TestSigner('meridian.example/audit/1').checkpoint(50, EMPTY_ROOT));
  put(60, 'no head');
  mkdirSync(path.join(folder, nameOf(70)));
  expect(newest()?.note).toBe(signer.checkpoint(20, EMPTY_ROOT));
  for (const size of [40, 50, 60, 70]) expect(said).toContain(nameOf(size));
  expect(said).toMatch(/40': it is the head of 3 entries\n/);
  expect(said).not.toContain(nameOf(20));
});

test('what came after the keys were read is not looked at, and where nothing is there is none', () => {
  expect(newest()).toBeUndefined();
  put(3, signer.checkpoint(3, EMPTY_ROOT));
  put(20, signer.checkpoint(20, EMPTY_ROOT));
  expect(newest(3)?.head.size).toBe(3);
});

test('where none is of the log the first is named; missing witnesses do not make it look further', () => {
  put(60, 'no head');
  expect(() => newest()).toThrow(/^Published heads: must have one .* got 1 other, .*60'/);
  put(61, signer.checkpoint(61, EMPTY_ROOT));
  const asked = { witnesses: [witness.vkey], quorum: 1 };
  expect(() => newest(999, asked)).toThrow(/must have cosignatures/);
});
