import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { sampleStack } from '../testing/sample-stack.ts';
import {
  ARCHIVED_LOG,
  ARCHIVE_PARAMETERS,
  ARCHIVE_VARIABLE,
  RESTORE_COMMAND,
} from './postgres-archive.ts';

const folder = mkdtempSync(path.join(tmpdir(), `meridian's "archive" $HOME`));
const archive = path.join(folder, 'postgres-archive');
const SEGMENT = '000000010000000000000001';
afterAll(() => rmSync(folder, { recursive: true }));

/** What the server does: `%p` is a path from its data folder, `%f` the name of the file. */
const hand = (command: string, file: string): number | null =>
  spawnSync('sh', ['-c', command.replaceAll('%p', file).replaceAll('%f', SEGMENT)], {
    cwd: folder,
    env: { PATH: process.env['PATH'], [ARCHIVE_VARIABLE]: archive },
  }).status;
const { archive_command: command } = ARCHIVE_PARAMETERS;

describe('the archive of PostgreSQL on this machine', () => {
  test('takes a file of the log once, again only if it is the same, and gives it back', () => {
    writeFileSync(path.join(folder, 'segment'), 'one');
    writeFileSync(path.join(folder, 'another'), 'two');
    expect([hand(command, 'segment'), hand(command, 'segment')]).toEqual([0, 0]);
    expect(hand(command, 'another')).not.toBe(0);
    expect(readdirSync(path.join(archive, ARCHIVED_LOG))).toEqual([SEGMENT]);
    expect(hand(RESTORE_COMMAND, 'restored')).toBe(0);
    expect(readFileSync(path.join(folder, 'restored'), 'utf8')).toBe('one');
  });

  test('is not taken for there where it lacks a file', () => {
    rmSync(path.join(archive, ARCHIVED_LOG, SEGMENT));
    expect(hand(RESTORE_COMMAND, 'restored')).not.toBe(0);
  });

  test('is used where the stack says so, and lies outside of the data', () => {
    const processOf = (postgresArchive: boolean) =>
      sampleStack({ postgresArchive }).postgres.process;
    expect(processOf(true).environment).toEqual({ [ARCHIVE_VARIABLE]: '${data}-archive' });
    expect(processOf(true).files['postgresql.conf']).toContain("archive_mode = 'on'\n");
    expect(processOf(false).environment).toEqual({});
    expect(processOf(false).files['postgresql.conf']).not.toContain('archive');
  });
});
