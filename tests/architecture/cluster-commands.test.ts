import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const documents = ['docs', 'docs/runbooks']
  .flatMap((folder) => readdirSync(path.join(root, folder)).map((name) => path.join(folder, name)))
  .filter((file) => file.endsWith('.md'));

/** What the landing on Kubernetes renders of each task, and of what each is told: the keys of its Secret. */
const tasks = new Map(
  read('tests/golden/staging/manifests/tasks.golden.yaml')
    .split(/^---$/m)
    .filter((object) => /^kind: CronJob$/m.test(object))
    .map((object) => {
      const [, name = ''] = /^ {2}name: (\S+)$/m.exec(object) ?? [];
      const told = object.matchAll(new RegExp(`name: ${name}-input\\s+key: (\\S+)`, 'gi'));
      // Nothing else that a task mounts has keys.
      const files = object.matchAll(/- key: (\S+)\s+path: \1$/gm);
      return [name, new Set([...told, ...files].map(([, key]) => key))] as const;
    }),
);

/** Every occurrence in the documents, with where it stands. */
function* said(pattern: RegExp): Iterable<readonly [string, string, string]> {
  for (const file of [...documents, 'tools/meridian/commands/audit.ts']) {
    for (const [, first = '', second = ''] of read(file).matchAll(pattern)) {
      yield [file, first, second];
    }
  }
}

test('every Job that documents make is made from a CronJob that the landing renders', () => {
  const named = [...said(/--from=cronjob\/([a-z][a-z-]*)/g)];
  expect(named.filter(([, task]) => !tasks.has(task))).toEqual([]);
  expect(named.map(([, task]) => task)).toEqual(
    expect.arrayContaining([
      ...['audit-reconciliation', 'audit-baseline', 'audit-succession', 'audit-verification'],
    ]),
  );
});

test('every Secret that documents make for a task has the keys that the task is told by', () => {
  const pattern = /secret generic ([a-z-]+)-input((?: --from-(?:literal|file)=[^\s`]+)+)/g;
  const made = [...said(pattern)].map(([file, task, given]) => [
    ...[file, task],
    ...[...given.matchAll(/--from-\w+=([a-z]+)/g)].map(([, key]) => key).toSorted(),
  ]);
  const wanted = made.map(([file, task = '']) => [
    ...[file, task],
    ...[...(tasks.get(task) ?? [])].toSorted(),
  ]);
  expect(made.length).toBeGreaterThan(3);
  expect(made).toEqual(wanted);
});

test('every Deployment that documents ask is in the namespace that they name', () => {
  const folder = 'tests/golden/staging/manifests';
  const manifests = readdirSync(path.join(root, folder)).map((file) =>
    read(path.join(folder, file)),
  );
  const places = new Map(
    manifests
      .flatMap((text) => [
        ...text.matchAll(/^kind: Deployment\nmetadata:\n {2}name: (\S+)\n {2}namespace: (\S+)$/gm),
      ])
      .map(([, name = '', namespace = '']) => [name, namespace]),
  );
  const asked = [...said(/kubectl ((?:(?!kubectl)[^`\n])*?)deployment\/([a-z-]+)/g)].map(
    ([file, options, name]) => [file, name, /--namespace (\S+)/.exec(options)?.[1]] as const,
  );
  expect(asked.filter(([, name]) => places.has(name)).length).toBeGreaterThan(1);
  expect(
    asked.filter(([, name, namespace]) => namespace !== (places.get(name) ?? namespace ?? 'none')),
  ).toEqual([]);
});

test('the pod that a document makes for SQL is one that the database is open to', () => {
  const [, labels = ''] = /name: psql\n\s+labels: \{ (.*) \}/.exec(read('docs/deploying.md')) ?? [];
  const given = Object.fromEntries(
    [...labels.matchAll(/(\S+): ([^,]+)/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const { steps } = JSON.parse(read('tests/golden/prod/postgres.golden.json')) as {
    readonly steps: readonly {
      readonly manifests: readonly {
        readonly kind: string;
        readonly metadata: { readonly name: string };
        readonly spec?: { readonly podSelector?: { readonly matchLabels: unknown } };
      }[];
    }[];
  };
  const policy = steps
    .flatMap(({ manifests }) => manifests)
    .find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'postgres-roles');
  expect(policy?.spec?.podSelector?.matchLabels).toEqual(given);
});
