import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { CodedError } from '@meridian/language/coded-error.ts';
import { readIfThere } from '@meridian/provider-local/machine/atomic-file.ts';
import { reportError } from './report-error.ts';

let folder: string;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/meridian-report-`);
  printed = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test('what the system refuses is told by its file and the way out, and is not a defect', async () => {
  const refused = await readIfThere(folder).catch((error: unknown) => error);
  expect(reportError(refused)).toBe(1);
  expect(printed).toMatch(`\nmeridian: File '${folder}': the system refuses it`);
  const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', path: folder });
  expect(reportError(full)).toBe(1);
  expect(printed).toMatch(/its disk is full .*\[DISK_FULL\]\n$/);
});

test('a file of the program that is not there stays a defect, with its stack', () => {
  let missing: unknown;
  try {
    readFileSync(`${folder}/none`);
  } catch (error) {
    missing = error;
  }
  expect(reportError(missing)).toBe(70);
  expect(printed).toMatch(/this is a defect of Meridian.*\nError: ENOENT/);
});

test('a deployment as it was approved that is asked for wrongly has the status of misuse', () => {
  const message = "Option '--base': must be given with --approved, got none; name the revision";
  expect(reportError(new CodedError('UP_OPTION_UNUSABLE', message))).toBe(2);
  expect(reportError(new CodedError('APPROVAL_DIFFERS', 'Review: must be …'))).toBe(1);
});
