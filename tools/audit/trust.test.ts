import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { EMPTY_ROOT } from '@meridian/verifier/hashing.ts';
import { TestSigner } from '@meridian/verifier/testing/test-signer.ts';
import { keysOfLog, logOfKept, trustedKeys, witnessesOf } from './trust.ts';

const [first, second] = [1, 2].map((log) => new TestSigner(`meridian.local/audit/${log}`)) as [
  TestSigner,
  TestSigner,
];
const vkeys = [first.vkey, second.vkey];

test('a key is trusted, and so is each in a file of them', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'trust-'));
  const file = path.join(folder, 'keys.txt');
  try {
    writeFileSync(file, `${vkeys.join('\n')}\n`);
    expect(trustedKeys(file)).toEqual(vkeys);
    expect(trustedKeys(first.vkey)).toEqual([first.vkey]);
    writeFileSync(file, '\n');
    expect(() => trustedKeys(file)).toThrow(/^Keys in '.*keys\.txt': must be a line each/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a kept head is of the log that is written now or of one before it, and no later one', () => {
  const log = 2;
  expect(logOfKept(second.checkpoint(0, EMPTY_ROOT), vkeys, { log })).toBe(2);
  expect(logOfKept(first.checkpoint(0, EMPTY_ROOT), vkeys, { log })).toBe(1);
  expect(() => logOfKept(second.checkpoint(0, EMPTY_ROOT), vkeys, { log: 1 })).toThrow(
    /must be one of log 1, .* got one of 'meridian\.local\/audit\/2'/,
  );
  expect(keysOfLog(vkeys, { log: 2 })).toEqual([second.vkey]);
});

test('a witness whose key is there twice counts once', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'witness-'));
  const { vkey } = new TestSigner('witness.example', 4);
  try {
    writeFileSync(path.join(folder, 'keys'), `${vkey}\n${vkey}\n`);
    expect(witnessesOf({ witness: path.join(folder, 'keys') }).quorum).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('witnesses are asked for by their keys, all of them unless fewer are enough', () => {
  const witness = new TestSigner('witness.example', 4);
  expect(witnessesOf({})).toEqual({ witnesses: [], quorum: 0 });
  expect(witnessesOf({ witness: witness.vkey })).toEqual({
    ...{ witnesses: [witness.vkey], quorum: 1 },
  });
  expect(() => witnessesOf({ witness: witness.vkey, quorum: 2 })).toThrow(/^Option '--quorum'/);
  expect(() => witnessesOf({ quorum: 1 })).toThrow(/must be at most 0/);
  // Neither is in the other's place.
  expect(() => witnessesOf({ witness: first.vkey })).toThrow(/must be one of type cosignature\/v1/);
  expect(() => trustedKeys(witness.vkey)).toThrow(/must be one of type ed25519/);
});
