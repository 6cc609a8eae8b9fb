import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LINT_OPTIONS } from '../../tools/meridian/checks.ts';

/** A line of a file, and what is said of it. */
const FAULTS: readonly (readonly [code: string, line: string])[] = [
  ['typescript(TS2322)', "export const count: number = 'three';"],
  ['typescript(no-floating-promises)', 'readFile(name);'],
  ['typescript(no-unsafe-assignment)', 'export const parsed = JSON.parse(name);'],
  ['typescript(no-unnecessary-condition)', 'if (name === undefined) throw new Error(name);'],
  ['typescript(no-misused-promises)', 'setTimeout(async () => { await readFile(name); }, 1);'],
  ['typescript(no-explicit-any)', 'export const whatever = (value: any): number => Number(value);'],
  ['typescript(restrict-template-expressions)', 'export const text = `${new Date()}`;'],
  ['eslint(eqeqeq)', 'export const none = Number(name) == 3;'],
  ['eslint(no-restricted-exports)', 'export default name;'],
];
const UNUSED_EXCEPTION = '// oxlint-disable-next-line eqeqeq';

interface Diagnostic {
  readonly code?: string;
  readonly message: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

/** The check of `npm test` itself, on a file with a fault in each line. */
describe('the check of types and lint', () => {
  let folder: string;
  let found: readonly Diagnostic[];

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'meridian-lint-'));
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json', 'tools/lint']) {
      cpSync(name, path.join(folder, name), { recursive: true });
    }
    symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
    writeFileSync(
      path.join(folder, 'faults.ts'),
      [
        ...["import { readFile } from 'node:fs/promises';", "const name: string = 'a';"],
        ...FAULTS.map(([, line]) => line),
        ...[UNUSED_EXCEPTION, 'export const last = 1;', ''],
      ].join('\n'),
    );
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [path.resolve('node_modules/oxlint/bin/oxlint'), ...LINT_OPTIONS, '--format', 'json'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    found = (JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(FAULTS)('finds %s: %s', (code, line) => {
    const at = FAULTS.findIndex(([, other]) => other === line) + 3;
    expect(found.filter((one) => one.labels[0]?.span.line === at).map((one) => one.code)).toContain(
      code,
    );
  });

  test('finds an exception that nothing needs', () => {
    expect(found.filter((one) => one.labels[0]?.span.line === FAULTS.length + 3)).toHaveLength(1);
  });
});
