import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { EXCEPTIONS } from '@meridian/policies/exceptions.ts';
import { RULES } from '@meridian/policies/rules.ts';
import { SEVERITIES } from '@meridian/policies/severity.ts';
import { exceptionsIn } from './exception-findings.ts';
import { judgePart } from './judge-files.ts';
import { ruleListFindings, severityFindings } from './rule-file-findings.ts';
import { ChangedFiles } from './testing/changed-files.ts';

const PROGRAM = path.join(import.meta.dirname, '../../..');
const files = new ChangedFiles();
const findingsOf = files.findings.bind(files);

afterEach(() => {
  files[Symbol.dispose]();
});

function own(file: string): string {
  return readFileSync(path.join(PROGRAM, file), 'utf8');
}

describe('the judge', () => {
  test.each([
    ['tools/language-host/pulumi-language-nodejs', 'language host'],
    ['tools/review/digest/review-digest.ts', 'review'],
    ['tools/meridian/rehearsal/restart-table.ts', 'rehearsal'],
    ['providers/rehearsal/schemas/gen/kubernetes.json', 'rehearsal'],
    ['policies/rules/network.ts', 'rules'],
    ['tools/meridian/commands/preview.ts', 'tool'],
    ['tools/meridian.mjs', 'tool'],
    ['infra/declared-file.ts', 'declared facts'],
  ])('is told where %s differs', (file, part) => {
    expect(findingsOf({ [file]: 'a' }, { [file]: 'b' })).toMatchObject([
      { kind: 'judge-changed', subject: part, property: file, at: { file, line: 1 } },
    ]);
  });

  test('is not told of tests, of the program or of documents', () => {
    const files = [
      'tools/review/a.test.ts',
      'policies/testing/a.ts',
      'services/a.ts',
      'docs/a.md',
      'services/orders/service.ts',
    ];
    for (const file of files) expect(findingsOf({ [file]: 'a' }, { [file]: 'b' })).toEqual([]);
  });

  test('has every module of its own, but what it shares with the program', () => {
    const modules = ['tools/review', 'tools/meridian/rehearsal', 'policies', 'providers/rehearsal'];
    const imported = modules
      .flatMap((folder) =>
        readdirSync(path.join(PROGRAM, folder), { recursive: true, encoding: 'utf8' })
          .filter(
            (file) =>
              /(?<!\.test)\.ts$/.test(file) && !/corpus\/|testing\/|node_modules/.test(file),
          )
          .map((file) => path.join(folder, file)),
      )
      .flatMap(importsOf);
    expect(imported.length).toBeGreaterThan(100);
    const shared =
      /^(?:components|infra|jobs|language|providers\/(?:cluster|local)|services|stacks)\//;
    expect(imported.filter((file) => judgePart(file) === undefined && !shared.test(file))).toEqual(
      [],
    );
  });
});

/** Modules of ours that one imports, from the program's folder. */
function importsOf(file: string): readonly string[] {
  return [...own(file).matchAll(/from '(?<module>\.[^']+|@meridian\/[^']+)'/g)].map(
    ({ groups: { module = '' } = {} }) => {
      const [, scope = '', rest = ''] = /^@meridian\/([^/]+)\/(.*)$/.exec(module) ?? [];
      if (scope === '') return path.join(path.dirname(file), module);
      const folder = scope.replace(/^(provider|service)-/, '$1s/');
      return path.join(folder, rest);
    },
  );
}

test('the code of a program has the digest of what is new, which binds an approval', () => {
  const code = (text: string) => ({ 'services/orders/write-handlers.ts': text });
  const [one, same, other] = ['b', 'b', 'c'].map((text) => findingsOf(code('a'), code(text))[0]);
  expect(one?.after).toMatch(/^sha256:[0-9a-f]{12}$/);
  expect([same?.after, other?.after === one?.after]).toEqual([one?.after, false]);
});

const lineWith = (text: string, wanted: string): number =>
  text.split('\n').findIndex((line) => line.includes(wanted)) + 1;

describe('exceptions', () => {
  const source = own('policies/exceptions.ts');
  const until = EXCEPTIONS[0]?.until ?? '';

  test('are read from the text as they are when it runs', () => {
    expect(exceptionsIn(source).exceptions).toEqual(EXCEPTIONS);
  });

  const tellsOf = (after: string) =>
    findingsOf({ 'policies/exceptions.ts': source }, { 'policies/exceptions.ts': after });

  test('are told where one is prolonged, with the line, and where one is shortened', () => {
    expect(tellsOf(source.replace(until, '2099-01-01'))).toEqual([
      expect.objectContaining({
        kind: 'exception-widened',
        subject: EXCEPTIONS[0]?.object,
        property: EXCEPTIONS[0]?.rule,
        before: `until ${until}`,
        after: 'until 2099-01-01',
        at: { file: 'policies/exceptions.ts', line: lineWith(source, `until: '${until}'`) },
      }),
    ]);
    expect(tellsOf(source.replace(until, '2026-12-01'))).toMatchObject([
      { kind: 'policy-strengthened' },
    ]);
  });

  test('are told where one is added, and where one is gone', () => {
    const [entry = ''] = /\n {2}\{[^}]*\},/.exec(source) ?? [];
    const another = entry.replace(/object: '[^']*'/, "object: 'Namespace another'");
    expect(tellsOf(source.replace(entry, `${entry}${another}`))).toMatchObject([
      { kind: 'exception-widened', subject: 'Namespace another', before: 'none' },
    ]);
    expect(tellsOf(source.replace(entry, ''))).toMatchObject([
      { kind: 'policy-strengthened', after: 'none' },
    ]);
  });

  test('that are written another way change the judge', () => {
    const kinds = tellsOf(`${source}\nEXCEPTIONS.push(more());\n`).map(({ kind }) => kind);
    expect(kinds).toEqual(['judge-changed']);
  });
});

describe('rules and levels', () => {
  test('are read from the text as they are when it runs', () => {
    expect(ruleListFindings('', own('policies/rules.ts'))).toHaveLength(RULES.length);
    expect(severityFindings('', own('policies/severity.ts'))).toHaveLength(
      Object.keys(SEVERITIES).length,
    );
  });

  test('are weakened by a rule that is gone, and strengthened by a new one', () => {
    const source = own('policies/rules.ts');
    const without = source.replace('  volumesAreKept,\n  records', '  records');
    const commented = source.replace(
      '  volumesAreKept,\n  records',
      '  // volumesAreKept,\n  records',
    );
    for (const weaker of [without, commented]) {
      expect(ruleListFindings(source, weaker)).toMatchObject([
        {
          kind: 'policy-weakened',
          subject: 'volumesAreKept',
          at: { line: source.split('\n').lastIndexOf('  volumesAreKept,') + 1 },
        },
      ]);
      expect(ruleListFindings(weaker, source)).toMatchObject([
        { kind: 'policy-strengthened', subject: 'volumesAreKept' },
      ]);
    }
  });

  test('are weakened by a lower level, and strengthened by a higher one', () => {
    const source = own('policies/severity.ts');
    const lower = source.replace("'data-deleted': danger(", "'data-deleted': note(");
    expect(severityFindings(source, lower)).toMatchObject([
      { kind: 'policy-weakened', subject: 'data-deleted', before: 'danger', after: 'note' },
    ]);
    expect(severityFindings(lower, source)).toMatchObject([{ kind: 'policy-strengthened' }]);
  });
});

describe('packages', () => {
  const lock = (packages: object): string => JSON.stringify({ lockfileVersion: 3, packages });
  const tellsOf = (before: object, after: object) =>
    findingsOf({ 'package-lock.json': lock(before) }, { 'package-lock.json': lock(after) });

  test('are named with both versions', () => {
    const found = tellsOf(
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } },
      {
        'node_modules/a': { version: '1.0.1' },
        'node_modules/x/node_modules/@s/c': { version: '3.0.0', hasInstallScript: true },
      },
    );
    expect(found.map(({ subject, before, after }) => [subject, before, after])).toEqual([
      ['a', '1.0.0', '1.0.1'],
      ['b', '1.0.0', 'none'],
      ['@s/c', 'none', '3.0.0'],
    ]);
    expect(found[2]?.consequence).toMatch(/install script/);
  });

  test('of one version with other bytes are told', () => {
    expect(
      tellsOf(
        { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } },
        { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } },
      ),
    ).toMatchObject([
      { kind: 'lockfile-changed', consequence: expect.stringMatching(/other bytes/) },
    ]);
  });

  test('are twenty and a number at most', () => {
    const many = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`node_modules/p${index}`, { version: '1.0.0' }]),
    );
    const found = tellsOf({}, many);
    expect(found).toHaveLength(21);
    expect(found.at(-1)?.subject).toBe('30 packages more');
  });

  test('of half a merge are told as such', () => {
    expect(
      findingsOf({ 'package-lock.json': lock({}) }, { 'package-lock.json': '<<<<<<<' }),
    ).toMatchObject([
      { kind: 'lockfile-changed', consequence: expect.stringMatching(/cannot be read/) },
    ]);
  });
});

describe('other files', () => {
  test('are told by what they are', () => {
    const found = findingsOf(
      {
        '.github/workflows/a.yml': 'a',
        'services/catalog/migrations/0001_a.sql': 'a',
        Dockerfile: 'a',
      },
      {
        '.github/workflows/a.yml': 'b',
        'services/catalog/migrations/0001_a.sql': 'b',
        'services/catalog/migrations/0002_b.sql': 'b',
        Dockerfile: 'b',
        '.npmrc': 'registry=https://example.org',
      },
    );
    expect(found.map(({ kind, subject, before, after }) => [kind, subject, before, after])).toEqual(
      [
        ['migration-changed', 'services/catalog/migrations/0001_a.sql', 'there', 'another'],
        ['migration-changed', 'services/catalog/migrations/0002_b.sql', 'none', 'there'],
        ['workflow-changed', '.github/workflows/a.yml', 'there', 'another'],
        ['image-changed', 'Dockerfile', 'there', 'another'],
        ['lockfile-changed', '.npmrc', 'none', 'https://example.org'],
      ],
    );
    expect(found[0]?.consequence).toMatch(/POSTGRES_MIGRATION_CHANGED/);
    expect(found[1]?.consequence).toMatch(/no rollback/);
  });

  test('tell of secrets by their names alone', () => {
    const stack = (secure: string, salt = 'v1:a') =>
      `encryptionsalt: ${salt}\nconfig:\n  meridian:host: a.example\n  meridian:key:\n    secure: ${secure}\n`;
    const file = 'Pulumi.staging.yaml';
    const found = findingsOf({ [file]: stack('v1:before') }, { [file]: stack('v1:after', 'v1:b') });
    expect(found.map(({ kind, subject, at }) => [kind, subject, at?.line])).toEqual([
      ['secret-changed', 'meridian:key', 4],
      ['trust-changed', file, 1],
    ]);
    expect(JSON.stringify(found)).not.toMatch(/v1:(?:before|after)/);
  });

  test('tell of what Pulumi runs', () => {
    expect(
      findingsOf(
        { 'Pulumi.yaml': 'name: a\nmain: infra/index.ts\n' },
        { 'Pulumi.yaml': 'name: a\nmain: other.ts\n' },
      ),
    ).toMatchObject([{ kind: 'provider-changed', property: 'main', at: { line: 2 } }]);
  });
});

test('what a repository checks its changes by, and how git lays them out, is told with the line', () => {
  for (const file of [
    'tests/architecture/workflows.test.ts',
    '.gitattributes',
    '.oxlintrc.json',
    'tools/lint/asks-no-provider.js',
    'jest.config.js',
    'tsconfig.json',
  ]) {
    expect(findingsOf({ [file]: 'a\nb\n' }, { [file]: 'a\nc\n' })).toEqual([
      expect.objectContaining({ kind: 'workflow-changed', subject: file, at: { file, line: 2 } }),
    ]);
  }
});

test('settings of a stack that the base does not have are told', () => {
  expect(findingsOf({}, { 'Pulumi.prod.yaml': 'config: {}\n' })).toContainEqual(
    expect.objectContaining({ kind: 'stack-new', subject: 'Pulumi.prod.yaml' }),
  );
});

test('a program whose code changed is told once, and that nobody looked at what it does', () => {
  const before = { 'services/orders/store.ts': 'a\nb\n', 'services/orders/handler.ts': 'a' };
  const after = { 'services/orders/store.ts': 'a\nc\n', 'services/orders/handler.ts': 'b' };
  expect(findingsOf(before, after)).toEqual([
    expect.objectContaining({
      kind: 'code-changed',
      subject: 'orders',
      property: expect.stringMatching(/^services\/orders\/\w+\.ts and 1 more$/),
      consequence: 'what it does is not assessed; it runs once its image is built',
    }),
  ]);
});

test.each([
  ['DROP TABLE orders;', 'data-deleted'],
  ['alter table orders drop total;', 'data-deleted'],
  [
    '-- drop table orders\nALTER TABLE orders ALTER COLUMN total DROP NOT NULL;',
    'migration-changed',
  ],
  ['CREATE TABLE refunds (id uuid);', 'migration-changed'],
])('a migration with %j is told as %s', (statement, kind) => {
  const file = 'services/orders/migrations/0011_change.sql';
  expect(findingsOf({}, { [file]: statement })).toMatchObject([{ kind, subject: file }]);
});

test('a change of the kit, which holds every service to who may call, is for a person to look at', () => {
  expect(
    findingsOf({ 'services/kit/context/a.ts': 'a' }, { 'services/kit/context/a.ts': 'b' }),
  ).toEqual([expect.objectContaining({ kind: 'trusted-code-changed', subject: 'kit' })]);
});

test('a change of what a program declares itself by is one of the judge', () => {
  for (const file of ['infra/declared-file.ts', 'infra/prepare.ts', 'components/model/landed.ts']) {
    expect(findingsOf({ [file]: 'a' }, { [file]: 'b' })).toContainEqual(
      expect.objectContaining({ kind: 'judge-changed', subject: 'declared facts' }),
    );
  }
});
