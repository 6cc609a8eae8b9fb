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
