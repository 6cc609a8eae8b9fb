import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { importDeclarations } from './import-declarations.ts';

/** Loads a file as Node.js itself does, and says what it is told; Jest has another loader. */
const CALLER = `
  const { importDeclarations } = await import('./import-declarations.ts');
  const [root, file] = process.argv.slice(1);
  await importDeclarations(() => import(file), root).catch(({ code, message }) => console.log(code, message));
`;

let root = '';

const declare = (service: string, ...lines: readonly string[]): void => {
  const folder = path.join(root, 'services', service);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'service.ts'), lines.join('\n'));
};

/** What JavaScript says in a cycle of imports. */
const load = (): Promise<never> =>
  Promise.reject(new ReferenceError("Cannot access 'shelf' before initialization"));

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'meridian-declarations-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('importDeclarations', () => {
  test('tells of a cycle of calls what the validation of the graph would', async () => {
    declare('shelf', "import { archive } from '@meridian/archive/service.ts';");
    declare('door', "import { shelf } from '@meridian/shelf/service.ts';");
    declare('archive', 'import {', '  shelf,', "} from '@meridian/shelf/service.ts';");
    await expect(importDeclarations(load, root)).rejects.toMatchObject({
      code: 'GRAPH_INVALID',
      message:
        "Service 'archive': synchronous calls must not form a cycle, got archive → shelf → archive; turn one of these calls into an event, or remove it, in services/archive/service.ts or services/shelf/service.ts",
    });
  });

  test('leaves what has another reason as it is', async () => {
    declare('shelf', "import type { archive } from '@meridian/archive/service.ts';");
    declare('archive', "import { shelf } from '@meridian/shelf/service.ts';");
    await expect(importDeclarations(load, root)).rejects.toThrow(ReferenceError);
    const other = () => Promise.reject(new SyntaxError('Unexpected token'));
    await expect(importDeclarations(other, root)).rejects.toThrow(SyntaxError);
  });

  test.each([
    ['syntax', 'const shelf = {', "  name: 'shelf'", '  slot: 1,', '};'],
    ['a name that there is not', '', '', 'export const shelf = shelve();'],
  ])('names the line of a file that cannot be loaded for its %s', (_what, ...lines) => {
    declare('shelf', ...lines);
    const file = path.join(root, 'services/shelf/service.ts');
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', CALLER, root, file],
      { encoding: 'utf8', cwd: import.meta.dirname },
    );
    expect(stdout + stderr).toMatch(
      /^DECLARATION_UNREADABLE File 'services\/shelf\/service.ts': must be a declaration that Node.js can load, got \w+Error: .+; put line 3 right\n$/,
    );
  });

  test('names the file that imports what is not there', async () => {
    const importer = path.join(root, 'services/shelf/service.ts');
    const missing = new Error(
      `Cannot find module '${root}/services/shelf/topic.ts' imported from ${importer}`,
    );
    await expect(importDeclarations(() => Promise.reject(missing), root)).rejects.toMatchObject({
      code: 'DECLARATION_UNREADABLE',
      message:
        "File 'services/shelf/service.ts': must be a declaration that Node.js can load, got Error: Cannot find module 'services/shelf/topic.ts' imported from services/shelf/service.ts; put its imports right",
    });
  });

  test('gives what it loads', async () => {
    expect(await importDeclarations(() => Promise.resolve(1), root)).toBe(1);
  });
});
