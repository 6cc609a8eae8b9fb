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
      "Environment: MERIDIAN_DATA, MERIDIAN_RUNTIME, MERIDIAN_CACHE, MERIDIAN_PROGRAM must be set, got nothing; './meridian env' prints all that plain pulumi needs",
    );
  });

  test.each([
    ['STATE', 'relative', 'an absolute path'],
    ['PROGRAM', '/with\nbreak', 'without line breaks'],
    ['DATA', '/with\ttab', 'without line breaks'],
    ['DATA', '/no UTF-8 \ufffd', 'of UTF-8'],
    ['STATE', '/a:b', 'without a colon'],
    ['PROGRAM', '/a:b', 'without a colon'],
    ['STATE', '/a[b]', 'without asterisks'],
    ['DATA', '/a,b', 'without a comma'],
    ['CACHE', '/with"quote', 'without double quotes'],
    ['RUNTIME', '/ä', 'of letters'],
    ['RUNTIME', `/${'r'.repeat(60)}`, 'of 60 bytes or fewer'],
  ])('of which %s is %j are refused', (key, folder, rule) => {
    expect(() => readFolders({ ...ENVIRONMENT, [`MERIDIAN_${key}`]: folder })).toThrow(
      new RegExp(`^MERIDIAN_${key} '[^']*': must be .*${rule}`, 's'),
    );
  });

  test('may have spaces, quotes and letters of any script in their paths', () => {
    const odd = `/home/mü ll'er/"x" \\ $HOME \`%41\`#?[*],{}`;
    const plain = {
      MERIDIAN_RUNTIME: '/run/m',
      MERIDIAN_CACHE: "/c/mü ll'er",
      MERIDIAN_DATA: '/d "$',
    };
    const state = odd.replace(/[*?[]/g, '');
    const folders = readFolders({ MERIDIAN_STATE: state, MERIDIAN_PROGRAM: odd, ...plain });
    expect([folders.state, folders.program]).toEqual([state, odd]);
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

  test.each([
    ['json', `/ü "x" \\ 'y'`, String.raw`/ü \"x\" \\ 'y'`],
    ['postgres', `/ü "x" \\ 'y'`, String.raw`/ü "x" \\ ''y''`],
    ['redis', `/ü "x" \\ 'y'`, String.raw`/ü \"x\" \\ 'y'`],
    ['properties', `/ü😀 "x" \\ 'y'`, String.raw`/\u00fc\ud83d\ude00 "x" \\ 'y'`],
    ['uri', `/ü x,#?%41`, '/%C3%BC%20x%2C%23%3F%2541'],
  ])('are quoted for %s', (quoting, state, written) => {
    const placeholders = placeholdersOf({ ...readFolders(ENVIRONMENT), state }, 'b', 'catalog-b-0');
    expect(expandPlaceholders(`<\${state:${quoting}}>`, placeholders)).toBe(`<${written}>`);
  });

  test('that nobody knows are found', () => {
    expect(unknownPlaceholders('${self}/${toString} ${Data} ${self:json} ${self:xml}')).toEqual([
      'toString',
      'Data',
      'self:xml',
    ]);
  });
});
