import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ProgramFiles, programFiles } from './program-files.ts';

const REPOSITORY = join(import.meta.dirname, '../..');

describe('the files of a program', () => {
  let root = '';

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'meridian-program-'));
    write('package.json', '{"workspaces":["services/kit","services/shelf"]}');
    write('services/kit/package.json', '{"name":"@meridian/kit"}');
    write('services/shelf/package.json', '{"name":"@meridian/shelf"}');
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function write(path: string, content = ''): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }

  /** What a main with this text is made of, beside itself. */
  function beside(main: string): readonly string[] {
    write('services/shelf/main.ts', main);
    return programFiles(root, 'shelf').filter(
      (file) => !/^services\/shelf\/(main\.ts|package\.json)$/.test(file),
    );
  }

  test.each([
    ['a default import', "import store from './store.ts';"],
    ['names over several lines', "import {\n  a,\n  b as c,\n} from './store.ts';"],
    ['a name that is a text', "import { 'a-b' as c } from './store.ts';"],
    ['names of which one is a type', "import { type A, b } from './store.ts';"],
    ['a name that is type', "import type from './store.ts';"],
    ['an import for its effects', "import './store.ts';"],
    ['an export of all', "export * from './store.ts';"],
    ['an export of names', "export { a } from './store.ts';"],
    ['double quotes', 'import { a } from "./store.ts";'],
    ['no blanks, as bundlers write', "import{a}from'./store.ts';"],
    ['an import beside one of a type', "import type { A } from './a.ts'; import './store.ts';"],
    ['an import after a type of texts', "export type A = 'a' | 'b';\nimport './store.ts';"],
    ['an import when it is needed', "const store = await import('./store.ts');"],
    ['an import over two lines', "const store = await import(\n  './store.ts'\n);"],
    ['an import with a query', "await import('./store.ts?fresh');"],
    ['a worker', "new Worker(new URL('./store.ts', import.meta.url));"],
    ['a file that is read', "readFileSync(join(import.meta.dirname, 'store.ts'));"],
    ['a require', "createRequire(import.meta.url)('./store.ts');"],
  ])('have what %s leads to', (_what, main) => {
    write('services/shelf/store.ts');
    write('services/shelf/other.ts');
    expect(beside(main)).toEqual(['services/shelf/store.ts']);
  });

  test.each([
    [
      'imports of types',
      "import type { A } from './store.ts';\nexport type { B } from './store.ts';",
    ],
    ['packages of the registry', "import pg from 'pg';\nimport '@grpc/grpc-js';"],
    ['what Node.js brings', "import { join } from 'node:path';"],
    ['a file that is not there', "import './gone.ts';"],
    ['a method with the name import', 'class A {\n  async import(a) { this.b.import(a); }\n}'],
    ['a look whether a module is the main one', 'if (import.meta.main) await run();'],
  ])('have nothing for %s', (_what, main) => {
    write('services/shelf/store.ts');
    expect(beside(main)).toEqual([]);
  });

  test.each([
    ['import(', 'await import(`./${name}.ts`);'],
    ['import.meta.dirname', 'readdirSync(import.meta.dirname);'],
    ['import.meta.url', 'fileURLToPath(import.meta.url);'],
    ['a folder around it', "new URL('../..', import.meta.url);"],
    ['its own folder', "readdirSync(join(import.meta.dirname, '.'));"],
    ['import.meta', 'const { dirname } = import.meta;'],
    ['require', 'const require = createRequire(import.meta.url);'],
    ["a package's own names", "import '#store';"],
  ])('are all of the package where %s hides what is needed', (_what, main) => {
    write('services/shelf/store.ts', "import '@meridian/kit/server.ts';");
    write('services/shelf/store.test.ts');
    write('services/shelf/texts/en.json');
    write('services/kit/server.ts');
    expect(beside(main)).toEqual([
      'services/kit/package.json',
      'services/kit/server.ts',
      'services/shelf/store.ts',
      'services/shelf/texts/en.json',
    ]);
  });

  test('go on through packages of the clone, with what these say of themselves', () => {
    write('services/kit/server.ts', "export * from './http/server.ts';");
    write('services/kit/http/server.ts', "import words from './words.json' with { type: 'json' };");
    write('services/kit/http/words.json', '"import \'./not-code.ts\'"');
    write('services/kit/http/not-code.ts');
    write('services/kit/database.ts');
    expect(beside("import { serve } from '@meridian/kit/server.ts';")).toEqual([
      'services/kit/http/server.ts',
      'services/kit/http/words.json',
      'services/kit/package.json',
      'services/kit/server.ts',
    ]);
  });

  test('have every file of a folder that is named, and modules that import each other once', () => {
    write('services/shelf/texts/en.json');
    write('services/shelf/texts/more/de.json');
    write('services/shelf/store.ts', "import './main.ts';");
    expect(beside("import './store.ts';\njoin(import.meta.dirname, '.', 'texts');")).toEqual([
      'services/shelf/store.ts',
      'services/shelf/texts/en.json',
      'services/shelf/texts/more/de.json',
    ]);
  });

  test('cannot be told of a service without a main', () => {
    expect(() => programFiles(root, 'shelf')).toThrow(/ENOENT.*services\/shelf\/main\.ts/);
  });
});

/** Prints what Node.js loads of the clone itself. */
const LOADED = `import { registerHooks } from 'node:module';
  import { writeSync } from 'node:fs';
  registerHooks({ load(url, context, next) {
    if (!url.includes('/node_modules/')) writeSync(1, url + '\\n');
    return next(url, context);
  } });`;

/** How the kit ends a process that finds no configuration (sysexits.h). */
const EX_CONFIG = 78;

/** What Node.js has loaded of a program before its first line runs, which finds no configuration. */
function loadedFiles(entry: string): readonly string[] {
  const hook = `data:text/javascript,${encodeURIComponent(LOADED)}`;
  const { stdout, status } = spawnSync(process.execPath, ['--import', hook, entry], {
    cwd: REPOSITORY,
    encoding: 'utf8',
    env: {},
  });
  expect(status).toBe(entry.startsWith('jobs/') ? 1 : EX_CONFIG);
  return stdout
    .split('\n')
    .filter((url) => url.startsWith('file:'))
    .map((url) => relative(REPOSITORY, fileURLToPath(url)));
}

test.each([
  'services/catalog/main.ts',
  'services/gateway/main.ts',
  'services/identity/main.ts',
  'services/catalog/seed/main.ts',
  'services/identity/account-setup/main.ts',
  'jobs/credentials/main.ts',
  'jobs/migrate/main.ts',
])('the files of %s have every one that Node.js loads', (entry) => {
  const loaded = loadedFiles(entry);
  expect(loaded.length).toBeGreaterThan(5);
  expect(new ProgramFiles(REPOSITORY).of(entry)).toEqual(expect.arrayContaining([...loaded]));
});

test('a service has the description of its API that it reads, and nothing of the kit that it does not use', () => {
  const files = programFiles(REPOSITORY, 'gateway');
  expect(files).toContain('services/gateway/gen/comments.json');
  expect(files).not.toContain('services/kit/postgres/pooled-database.ts');
});
