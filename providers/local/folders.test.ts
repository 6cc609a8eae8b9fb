import { describe, expect, test } from '@jest/globals';
import {
  agentSocket,
  expandPlaceholders,
  foldersEnvironment,
  placeholdersOf,
  readFolders,
  unknownPlaceholders,
} from './folders.ts';

const ENVIRONMENT = {
  MERIDIAN_STATE: '/s/local',
  MERIDIAN_DATA: '/d/local/',
  MERIDIAN_RUNTIME: '/run/m',
  MERIDIAN_CACHE: '/c',
  MERIDIAN_PROGRAM: '/p',
};

describe('the folders', () => {
  test('are read from the environment and written back to one', () => {
    const folders = readFolders(ENVIRONMENT);
    expect(folders.data).toBe('/d/local');
    expect(readFolders(foldersEnvironment(folders))).toEqual(folders);
    expect(agentSocket(folders, 'a')).toBe('/run/m/a.sock');
  });

  test('that are missing are all named, with the command that prints them', () => {
    expect(() => readFolders({ MERIDIAN_STATE: '/s', MERIDIAN_DATA: '' })).toThrow(
      "Environment: MERIDIAN_DATA, MERIDIAN_RUNTIME, MERIDIAN_CACHE, MERIDIAN_PROGRAM must be set; 'npx --no meridian env' prints all that plain pulumi needs",
    );
  });

  test.each(['relative', '/with"quote', "/with'quote", '/with\nbreak', '/with$dollar', '/ä'])(
    'must not be %j',
    (folder) => {
      expect(() => readFolders({ ...ENVIRONMENT, MERIDIAN_STATE: folder })).toThrow(
        `MERIDIAN_STATE '${folder}': must be an absolute path`,
      );
    },
  );

  test('for sockets must be short', () => {
    expect(() => readFolders({ ...ENVIRONMENT, MERIDIAN_RUNTIME: `/${'r'.repeat(60)}` })).toThrow(
      'must be 60 bytes or fewer, got 61',
    );
  });
});

describe('placeholders', () => {
  test('stand for the folders of one process; others stay as they are', () => {
    const placeholders = placeholdersOf(readFolders(ENVIRONMENT), 'b', 'catalog-b-0');
    expect(
      expandPlaceholders(
        '${program} ${cache} ${self} ${data} ${runtime} ${state} ${other} $x',
        placeholders,
      ),
    ).toBe(
      '/p /c /s/local/zones/b/processes/catalog-b-0 /d/local/b/catalog-b-0 /run/m /s/local ${other} $x',
    );
    expect(expandPlaceholders('${node}', placeholders)).toBe(process.execPath);
  });

  test('that nobody knows are found', () => {
    expect(unknownPlaceholders('${self}/${toString} ${Data}')).toEqual(['toString', 'Data']);
  });
});
