import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { fullDiskBehind, onDisk, systemTrouble } from './system-trouble.ts';

describe('an error of the system', () => {
  test('that says that the disk is full names the folder, its room and what to do', async () => {
    const work = onDisk('/tmp/not/there/yet', () => appendFile('/dev/full', 'x'));
    await expect(work).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(
        /^Folder of '\/tmp\/not\/there\/yet': its disk is full \(ENOSPC: .*\), \d+ of \d+ MiB are free, .*make room there, then run the command again$/,
      ),
    });
  });

  test.each([
    ['EROFS', /its file system must be writable/],
    ['EIO', /dmesg/],
    ['EACCES', /must belong to user/],
    ['EFBIG', /ulimit -f/],
    ['EISDIR', /a folder lies there/],
    ['ENOTDIR', /a file lies where a folder/],
  ])('%s is of a file, and says what must be otherwise', (code, way) => {
    const thrown = Object.assign(new Error(`${code}: open '/x'`), { code, path: '/x' });
    const trouble = systemTrouble(thrown);
    expect(trouble).toMatchObject({ code: 'FILE_REFUSED', cause: thrown });
    expect(trouble?.message).toMatch(/^File '\/x': /);
    expect(trouble?.message).toMatch(way);
  });

  test('that nobody but we can end stays a defect', () => {
    for (const code of ['ENOENT', 'EEXIST', 'EBADF']) {
      expect(systemTrouble(Object.assign(new Error(code), { code, path: '/x' }))).toBeUndefined();
    }
    expect(systemTrouble(new CodedError('DISK_FULL', 'said already'))).toBeUndefined();
    expect(systemTrouble(new TypeError('no'))).toBeUndefined();
  });

  test('of a process without descriptors says which limit it met', () => {
    const script = `
      import { openSync } from 'node:fs';
      import { systemTrouble } from '${join(import.meta.dirname, 'system-trouble.ts')}';
      try { for (;;) openSync('/dev/null', 'r'); }
      catch (thrown) { console.log(systemTrouble(thrown).code, systemTrouble(thrown).message); }`;
    const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
    const { stdout } = spawnSync(
      '/bin/sh',
      [
        '-c',
        'ulimit -n 64; exec "$@"',
        'limited',
        ...node,
        '--input-type=module-typescript',
        '-e',
        script,
      ],
      { encoding: 'utf8' },
    );
    expect(stdout).toMatch(
      /^FILES_EXHAUSTED Open files: no more can be opened \(EMFILE.*ulimit -n/,
    );
  });
});

describe('a full disk behind a failure', () => {
  test('is known by the words of what failed', () => {
    const said = 'initdb: error: could not write to file "x": No space left on device';
    expect(fullDiskBehind(['/tmp'], ['fine', said])?.message).toContain(said);
  });

  test('is known by the room that is left', () => {
    // A file system of no size at all.
    expect(fullDiskBehind(['/tmp', '/proc'])?.message).toMatch(/^Folder of '\/proc': .*0 of 0 MiB/);
  });

  test('is none where there is room and nothing was said of it', () => {
    expect(fullDiskBehind(['/tmp'], ['syntax error'])).toBeUndefined();
  });
});
