import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { inArchiveFolder, inNewFolder } from './written-folder.ts';

let base: string;
let folder: string;

beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'meridian-written-'));
  folder = path.join(base, 'folder');
});

afterEach(() => rmSync(base, { recursive: true }));

const fails = () => Promise.reject(new Error('no archive was named'));
const writes = () => {
  mkdirSync(path.join(folder, 'tile'));
  return Promise.resolve('written');
};

test('an export that fails leaves no folder, so that the same can be given again', async () => {
  const breaksOff = () => writes().then(fails);
  await expect(inNewFolder(folder, breaksOff)).rejects.toThrow('no archive was named');
  expect(await inNewFolder(folder, writes)).toBe('written');
  await expect(inNewFolder(folder, writes)).rejects.toMatchObject({ code: 'AUDIT_FOLDER_IN_USE' });
  expect(existsSync(path.join(folder, 'tile'))).toBe(true);
});

test('an archive that is refused leaves no new folder, and what was written of one or made for it stays', async () => {
  await expect(inArchiveFolder(folder, fails)).rejects.toThrow('no archive was named');
  expect(existsSync(folder)).toBe(false);
  mkdirSync(folder);
  await expect(inArchiveFolder(folder, fails)).rejects.toThrow('no archive was named');
  expect(existsSync(folder)).toBe(true);
  await expect(inArchiveFolder(folder, () => writes().then(fails))).rejects.toThrow();
  expect(existsSync(path.join(folder, 'tile'))).toBe(true);
});

test('a folder that an archive cannot be written into is refused with how its owner is made, and never for /tmp', async () => {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'other'), '');
  await expect(inArchiveFolder(folder, writes)).rejects.toMatchObject({
    code: 'AUDIT_FOLDER_IN_USE',
    message: expect.stringMatching(
      /one with other; .*: install -d -o \S+ '[^']+\/folder'$/,
    ) as unknown,
  });
});
