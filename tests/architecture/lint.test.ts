import { beforeAll, describe, expect, test } from '@jest/globals';
import { linted } from './linted.ts';
import type { Diagnostic } from './linted.ts';

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

/** The check of `npm test` itself, on a file with a fault in each line. */
describe('the check of types and lint', () => {
  let found: readonly Diagnostic[];

  beforeAll(() => {
    found = linted({
      'faults.ts': [
        ...["import { readFile } from 'node:fs/promises';", "const name: string = 'a';"],
        ...FAULTS.map(([, line]) => line),
        ...[UNUSED_EXCEPTION, 'export const last = 1;', ''],
      ].join('\n'),
    });
  }, 60_000);

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
