import { globSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

/** The tables that a migration makes, however it is written. */
function tablesOf(file: string): readonly string[] {
  const made = /^\s*create table (?:if not exists )?(?:\w+\.)?(\w+)/gim;
  return [...readFileSync(join(root, file), 'utf8').matchAll(made)].map(([, name = '']) =>
    name.toLowerCase(),
  );
}

test('a table of the kit is made by a link to the one file that says how, in every service that has it', () => {
  const kits = globSync('services/kit/**/tables/*.sql', { cwd: root });
  const tables = new Map(kits.flatMap((file) => tablesOf(file).map((name) => [name, file])));
  const migrations = globSync('services/*/migrations/*.sql', { cwd: root });
  const made = migrations.flatMap((file) => {
    const kept = tablesOf(file).map((name) => tables.get(name));
    return kept.filter((table) => table !== undefined).map((table) => ({ file, table }));
  });
  expect(made.map(({ file }) => file)).toContain(
    'services/catalog/migrations/0002_create-outbox.sql',
  );
  for (const { file, table } of made) {
    const path = join(root, file);
    expect([file, lstatSync(path).isSymbolicLink()]).toEqual([file, true]);
    expect(realpathSync(path)).toBe(realpathSync(join(root, table)));
  }
});

test('a service with an inbox has the tables of events that wait behind a failed one, and of dropped ones', () => {
  const migrations = globSync('services/*/migrations/*.sql', { cwd: root });
  const servicesWith = (table: string): readonly string[] =>
    migrations.filter((file) => tablesOf(file).includes(table)).map((file) => dirname(file));
  expect(servicesWith('held_events')).toEqual(servicesWith('inbox'));
  expect(servicesWith('dropped_events')).toEqual(servicesWith('inbox'));
});
