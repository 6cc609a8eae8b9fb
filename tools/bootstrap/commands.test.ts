import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { commands } from './commands.mjs';

const root = path.join(import.meta.dirname, '../..');

test('every script of package.json is one of the table, and none else', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const declared = commands.flatMap(({ name, scripts: own }) =>
    Object.entries(own).map(([script, args]) => [
      script,
      ['node tools/meridian.mjs', name, ...args].join(' '),
    ]),
  );
  expect(scripts).toEqual(Object.fromEntries(declared));
});

test('a flag means the same wherever it is given', () => {
  const flags = commands.flatMap(({ flags: own = [] }) => own.map((flag) => flag.flags));
  const long = (flag: string): string => /--[\w-]+/.exec(flag)?.[0] ?? '';
  const forms = Map.groupBy(new Set(flags), long);
  expect([...forms.values()].filter(({ length }) => length > 1)).toEqual([]);
});
