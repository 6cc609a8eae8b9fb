import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { removeFolder } from './remove-folder.ts';

test('a folder goes whole, closed ones in it and all; one that is not there is fine', () => {
  const folder = mkdtempSync(path.join(tmpdir(), "meridian-remove-hömé's-"));
  const closed = path.join(folder, 'a/closed');
  mkdirSync(path.join(closed, 'inner'), { recursive: true });
  writeFileSync(path.join(closed, 'inner/file'), '');
  chmodSync(path.join(closed, 'inner'), 0o500);
  chmodSync(closed, 0o000);
  removeFolder(folder);
  expect(existsSync(folder)).toBe(false);
  removeFolder(folder);
});
