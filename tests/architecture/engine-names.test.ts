import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const root = path.dirname(path.dirname(import.meta.dirname));

/** The engines, and what makes them in a cluster, as identifiers and texts name them. */
const ENGINE =
  /\w*(?:postgres|redis|kafka|elastic|search|valkey|strimzi|cloud-?native|cnpg|\beck\b)\w*/gi;

/** The files outside the folders of engines that name one, and why they may. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'components/model/store.ts': 'the union of what a service can declare',
  'components/nouns.ts': 'the table of nouns',
  'components/local/local-nouns.ts': 'the table of landings on this machine',
  'components/kubernetes/kubernetes-nouns.ts': 'the table of landings in a cluster',
  'components/aws/aws-nouns.ts': 'the table of landings where AWS manages engines',
  'components/kubernetes/kubernetes-settings.ts': 'a stack sizes an engine by its name',
  'components/model/validate/connection-problems.ts':
    'tells a person which engine has no room for what was declared',
  'components/model/validate/store-problems.ts': 'names that engines keep for themselves',
  'infra/index.ts': 'the program itself',
  'infra/platform.ts': "a service is called 'search'",
};

/** What a file says besides its comments. */
function namesIn(file: string): readonly string[] {
  const source = readFileSync(path.join(root, file), 'utf8');
  const code = source.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/(^|\s)\/\/[^\n]*/g, '');
  return [...new Set(code.match(ENGINE) ?? [])];
}

const files = globSync('{components,infra}/**/*.ts', {
  cwd: root,
  exclude: (name) => name === 'node_modules' || name === 'testing',
})
  .filter((file) => !file.endsWith('.test.ts'))
  .filter((file) => !/^components\/(kafka|postgres|redis|search)\//.test(file));

test('no file outside the folder of an engine names the engine', () => {
  expect(files.length).toBeGreaterThan(100);
  const named = Object.fromEntries(
    files
      .filter((file) => EXCEPTIONS[file] === undefined)
      .map((file) => [file, namesIn(file)] as const)
      .filter(([, names]) => names.length > 0),
  );
  expect(named).toEqual({});
});

test.each(Object.keys(EXCEPTIONS))('%s names an engine, or needs no exception', (file) => {
  expect(namesIn(file)).not.toEqual([]);
});
