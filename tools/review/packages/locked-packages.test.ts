import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { lockedWorkspaces } from './locked-packages.ts';

const REGISTRY = 'https://packages.example/npm/';
const INTEGRITY = `sha512-${'A'.repeat(86)}==`;

const workspacesOf = (packages: object, lockfileVersion = 3): readonly string[] =>
  lockedWorkspaces(JSON.stringify({ lockfileVersion, packages }), REGISTRY);

test('workspaces of the lockfile of this program are known, and nothing in it is refused', () => {
  const text = readFileSync(
    path.resolve(import.meta.dirname, '../../../package-lock.json'),
    'utf8',
  );
  expect(lockedWorkspaces(text, REGISTRY)).toEqual(
    expect.arrayContaining(['components', 'providers/local', 'services/catalog']),
  );
});

test('a package of the registry in use or of the public one, a link to a workspace and what a package brings along are taken', () => {
  const packages = {
    '': { name: 'program' },
    'services/a': { version: '1.0.0' },
    'node_modules/a': { resolved: 'services/a', link: true },
    'node_modules/b': { version: '1.0.0', integrity: INTEGRITY },
    'node_modules/@c/d': { resolved: `${REGISTRY}d/-/d-1.tgz`, integrity: INTEGRITY },
    'node_modules/e': { resolved: 'https://registry.npmjs.org/e/-/e-1.tgz', integrity: INTEGRITY },
    'node_modules/e/node_modules/f': { version: '1.0.0', inBundle: true },
  };
  expect(workspacesOf(packages)).toEqual(['services/a']);
});

test.each([
  ['without integrity', 'node_modules/a', { version: '1.0.0' }, 'no integrity'],
  ['held to a hash that is broken', 'node_modules/a', { integrity: 'sha1-AAAA' }, "'sha1-AAAA'"],
  [
    'of another host',
    'node_modules/a',
    { resolved: 'https://evil.example/a.tgz', integrity: INTEGRITY },
    "'https://evil.example/a.tgz'",
  ],
  [
    'in the clear',
    'node_modules/a',
    { resolved: 'http://packages.example/a.tgz', integrity: INTEGRITY },
    "'http://packages.example/a.tgz'",
  ],
  ['of git', 'node_modules/a', { resolved: 'git+ssh://git@evil.example/a.git' }, "'git\\+ssh:"],
  ['of a file', 'node_modules/a', { resolved: 'file:../a.tgz', integrity: INTEGRITY }, "'file:"],
  ['that links out', 'node_modules/a', { resolved: '../../etc', link: true }, "a link to '\\.\\./"],
  ['in a folder outside', '../a', { version: '1.0.0', integrity: INTEGRITY }, 'another folder'],
  ['in place of programs', 'node_modules/.bin', { integrity: INTEGRITY }, 'another folder'],
])('an entry %s is refused and named', (_what, folder, entry, got) => {
  expect(() => workspacesOf({ [folder]: entry })).toThrow(
    new RegExp(
      `^Entry "${folder.replaceAll('.', '\\.')}" of package-lock.json: must .*, got .*${got}`,
    ),
  );
});

test('what is not a lockfile of this version is refused', () => {
  expect(() => workspacesOf({}, 1)).toThrow('must be a lockfile of version 3');
  expect(() => lockedWorkspaces('{', REGISTRY)).toThrow('must be a lockfile of version 3');
});
