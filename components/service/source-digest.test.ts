import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { installedVersion } from './program-sources.ts';
import { buildGraph } from '../model/build-graph.ts';
import { landed } from '../model/landed.ts';
import { samplePlatform } from '../model/testing/sample-platform.ts';
import { readProgramSources, sourceDigest } from './source-digest.ts';

let root = '';

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'meridian-sources-'));
  write('package.json', '{"version":"1.2.3","workspaces":["services/kit","services/shelf"]}');
  write('services/kit/package.json', '{"name":"@meridian/kit"}');
  write('services/shelf/package.json', '{"name":"@meridian/shelf"}');
  write('package-lock.json', '{}');
  write('services/kit/server.ts', 'kit');
  write('services/kit/database.ts', 'kit');
  write(
    'services/door/main.ts',
    "import '@meridian/kit/server.ts'; import '@meridian/shelf/gen/shelf.js';",
  );
  write('services/shelf/main.ts', "import '@meridian/kit/server.ts'; import './store.ts';");
  write('services/shelf/store.ts', "import '@meridian/kit/database.ts';");
  write('services/shelf/filler/main.ts', "import '../gen/shelf.js';");
  write('services/shelf/gen/shelf.js', 'contract');
  write('services/shelf/migrations/0001_books.sql', 'create table');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const read = (cache?: string) =>
  readProgramSources(root, landed(buildGraph(samplePlatform)), cache);

describe('sourceDigest', () => {
  test('is the same for the same files', () => {
    expect(sourceDigest(root, ['services/shelf'])).toBe(sourceDigest(root, ['services/shelf']));
  });

  test.each([
    ['a changed file', 'services/shelf/main.ts', 'changed'],
    ['a new file', 'services/shelf/store.ts', ''],
  ])('changes with %s', (_what, path, content) => {
    const before = sourceDigest(root, ['services/shelf']);
    write(path, content);
    expect(sourceDigest(root, ['services/shelf'])).not.toBe(before);
  });

  test('does not change with tests or installed packages', () => {
    const before = sourceDigest(root, ['services/shelf']);
    write('services/shelf/main.test.ts', 'test');
    write('services/shelf/node_modules/pg/index.js', 'package');
    expect(sourceDigest(root, ['services/shelf'])).toBe(before);
  });

  test('tells a text at the end of one file from the same at the start of the next', () => {
    write('services/shelf/x/a', '12');
    write('services/shelf/x/b', '3');
    const before = sourceDigest(root, ['services/shelf/x']);
    write('services/shelf/x/a', '1');
    write('services/shelf/x/b', '23');
    expect(sourceDigest(root, ['services/shelf/x'])).not.toBe(before);
  });
});

describe('readProgramSources', () => {
  test.each([
    ['a module of one service', 'services/shelf/store.ts', ['shelf']],
    ['a contract', 'services/shelf/gen/shelf.js', ['door', 'filler']],
    ['a part of the kit', 'services/kit/database.ts', ['shelf']],
    ['what all share of the kit', 'services/kit/server.ts', ['door', 'shelf']],
    ['a migration', 'services/shelf/migrations/0001_books.sql', []],
    ['a file that nothing imports', 'services/kit/new.ts', []],
  ])('gives a change of %s to the programs that load it alone', (_what, path, changed) => {
    const before = read().revisions;
    write(path, 'changed');
    const after = read().revisions;
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(changed);
  });

  test('gives a change of an installed package to every program, and one of a workspace to none', () => {
    const lock = (packages: object): void =>
      write('package-lock.json', JSON.stringify({ packages }));
    const before = read().revisions;
    lock({ 'services/new': { name: 'new' }, 'node_modules/new': { link: true } });
    expect(read().revisions).toEqual(before);
    lock({ 'node_modules/pg': { version: '8.0.0' } });
    const after = read().revisions;
    expect(Object.keys(after).filter((name) => after[name] === before[name])).toEqual([]);
  });

  test('gives a change of a migration to its folder', () => {
    const before = read();
    write('services/shelf/migrations/0002_index.sql', 'create index');
    expect(read().migrations).not.toEqual(before.migrations);
  });

  test('reads the installed version of an engine from its link in the cache', () => {
    mkdirSync(join(root, 'cache/envoy'), { recursive: true });
    mkdirSync(join(root, 'cache/half-installed'));
    write('cache/a-file', '');
    symlinkSync('1.40.0', join(root, 'cache/envoy/current'));
    const sources = read(join(root, 'cache'));
    expect(sources.installed).toEqual({ envoy: '1.40.0' });
    expect(installedVersion(sources, 'envoy')).toBe('1.40.0');
    expect(installedVersion(sources, 'other')).toBe('none');
    expect(read().installed).toEqual({});
    expect(read(join(root, 'no-cache')).installed).toEqual({});
  });

  test('refuses at once every file and folder that is declared and not there, and names what is', () => {
    rmSync(join(root, 'services/door/main.ts'));
    rmSync(join(root, 'services/shelf/filler'), { recursive: true });
    renameSync(join(root, 'services/shelf/migrations'), join(root, 'services/shelf/migration'));
    expect(() => read()).toThrow(
      [
        "Service 'door': what has code must have a main file, got no file services/door/main.ts; write it, or set implemented to false in services/door/service.ts",
        "Task 'filler': entry must be a file of the program, got 'services/shelf/filler/main.ts'; set it in the task.ts that declares it",
        "Store 'shelf': migrations must be a folder of the program (services/shelf has 'gen', 'migration'), got 'services/shelf/migrations'; set it in services/shelf/service.ts",
      ].join('\n'),
    );
  });

  test('refuses migrations that would not run, or in no certain order', () => {
    const folder = 'services/shelf/migrations';
    for (const file of ['1_index.sql', '0002_add.SQL', '0003-authors.sql', 'notes.md', '.kept']) {
      write(`${folder}/${file}`, '');
    }
    const named =
      "Store 'shelf': files of migrations must be named by a number and what they do, such as '0002_create-index.sql', got";
    const way = `rename it in ${folder}, or take it out`;
    expect(() => read()).toThrow(
      [
        `${named} '0002_add.SQL'; ${way}`,
        `${named} '0003-authors.sql'; ${way}`,
        `${named} 'notes.md'; ${way}`,
        `Store 'shelf': migrations must have a number of their own each, as they run in the order of numbers, and 1 is taken, got '0001_books.sql', '1_index.sql'; rename what has not run yet in ${folder}`,
      ].join('\n'),
    );
  });

  test('refuses a folder without a migration', () => {
    rmSync(join(root, 'services/shelf/migrations/0001_books.sql'));
    expect(() => read()).toThrow(
      "Store 'shelf': migrations must be a folder with a first file, such as '0001_create-products.sql', got no file; write it in services/shelf/migrations",
    );
  });

  test('carries the version of the program', () => {
    expect(read().version).toBe('1.2.3');
  });
});
