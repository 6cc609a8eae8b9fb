import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { keepTampering, leftTampering } from './tamper.ts';

test('a changed row that was left is found, and half a file of one says nothing', () => {
  const state = mkdtempSync(path.join(tmpdir(), 'tamper-'));
  const row = { index: 3, source: 'spiffe://a', id: 'b', subject: 'c', type: 'd', data: 'ff00' };
  try {
    expect(leftTampering(state)).toBeUndefined();
    keepTampering(state, row);
    expect(leftTampering(state)).toEqual(row);
    writeFileSync(path.join(state, 'audit-tampered.json'), '{"index":3,');
    expect(leftTampering(state)).toBeUndefined();
  } finally {
    rmSync(state, { recursive: true });
  }
});
