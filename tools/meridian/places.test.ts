import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkFolders, createFolders, localFolders, programFolder } from './places.ts';

const HOME = '/home/somebody';
const above = path.dirname(programFolder);

describe('the folder of the program', () => {
  test('is the clone', () => {
    expect(localFolders({ HOME }).program).toBe(programFolder);
    expect(localFolders({ HOME, MERIDIAN_COPIES: '/elsewhere' }).program).toBe(programFolder);
  });

  test('is the link to the latest copy where it is a copy: what stays must find that one', () => {
    const link = path.join(above, 'current');
    expect(localFolders({ HOME, MERIDIAN_COPIES: above }).program).toBe(link);
  });
});

describe('the folder of sockets', () => {
  test('is one of our own where the one of the session is long or has an odd name', () => {
    expect(localFolders({ HOME, XDG_RUNTIME_DIR: '/run/user/1' }).runtime).toMatch(
      /^\/run\/user\/1/,
    );
    for (const odd of ['/run/ü', '/run/a,b', `/run/${'r'.repeat(40)}`]) {
      expect(localFolders({ HOME, XDG_RUNTIME_DIR: odd }).runtime).toMatch(/^\/tmp\/meridian-\d/);
    }
  });
});

describe('folders that cannot be', () => {
  test('are named at once, each with the way to another', () => {
    const folders = {
      ...localFolders({ HOME: '/home/a:b', MERIDIAN_CACHE: '/c"' }),
      program: '/p\n',
    };
    expect(() => checkFolders(folders)).toThrow(
      expect.objectContaining({
        code: 'FOLDER_INVALID',
        problems: [
          expect.stringMatching(/^Folder of the state .*: must be .*colon.*; set XDG_STATE_HOME/),
          expect.stringMatching(/^Folder of the engines "\/c\\"": must be .*; set MERIDIAN_CACHE/),
          expect.stringMatching(/^Folder of the program "\/p\\n": must be .*; move the clone/),
        ] as unknown,
      }),
    );
  });
});

describe('the folders of a platform', () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'meridian-places-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  const foldersIn = (runtime: string) => ({ ...localFolders({ HOME: home }), runtime });

  test('are named where something else lies, with the way to another', () => {
    const folders = foldersIn(path.join(home, 'run'));
    mkdirSync(path.dirname(folders.data), { recursive: true });
    writeFileSync(folders.data, '');
    expect(() => createFolders(folders)).toThrow(
      expect.objectContaining({
        code: 'FOLDER_INVALID',
        message: expect.stringMatching(
          /^Folder of the data '.*': must be a folder.*set XDG_DATA_HOME/,
        ) as unknown,
      }),
    );
  });

  test('are not behind a link that somebody made in the place of sockets', () => {
    const folders = foldersIn(path.join(home, 'link'));
    const own = path.join(home, 'own');
    mkdirSync(own, { mode: 0o700 });
    symlinkSync(own, folders.runtime);
    expect(() => createFolders(folders)).toThrow(
      expect.objectContaining({ code: 'FOLDER_FOREIGN' }),
    );
  });
});
