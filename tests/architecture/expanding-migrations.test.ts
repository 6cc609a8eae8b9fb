import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { CONTRACTING_MIGRATIONS } from './contracting-migrations.ts';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Statements by which the release before may fail, or no longer find what it wrote: it runs on the newer schema while a
 * release goes out, and again after a rollback (docs/runbooks/rollback.md).
 */
const CONTRACTING: readonly RegExp[] = [
  /\bDROP\s+(TABLE|COLUMN|TYPE|VIEW|FUNCTION|SCHEMA)\b/i,
  /\bRENAME\b/i,
  /\bSET\s+NOT\s+NULL\b/i,
  /\bALTER\s+COLUMN\s+\w+\s+(SET\s+DATA\s+)?TYPE\b/i,
  /\bADD\s+COLUMN\b(?![^,;]*\bDEFAULT\b)[^,;]*\bNOT\s+NULL\b/i,
  /\bADD\s+CONSTRAINT\b/i,
  /^\s*TRUNCATE\b/im,
];

/** What of a migration contracts. */
function contractions(sql: string): readonly string[] {
  const statements = sql.replaceAll(/--.*$/gm, '');
  return CONTRACTING.flatMap((pattern) => pattern.exec(statements)?.[0] ?? []);
}

const migrations = globSync('services/*/migrations/*.sql', { cwd: root }).toSorted();

test('a migration expands, or says why it may contract', () => {
  expect(migrations.length).toBeGreaterThan(30);
  const contracting = migrations.filter(
    (file) => contractions(readFileSync(path.join(root, file), 'utf8')).length > 0,
  );
  expect(contracting).toEqual(Object.keys(CONTRACTING_MIGRATIONS).toSorted());
});

test.each([
  'ALTER TABLE products DROP COLUMN stock;',
  'DROP TABLE products;',
  'ALTER TABLE products RENAME COLUMN name TO title;',
  'ALTER TABLE products RENAME TO goods;',
  'ALTER TABLE products ALTER COLUMN price SET NOT NULL;',
  'ALTER TABLE products ALTER COLUMN price TYPE bigint;',
  'ALTER TABLE products ADD COLUMN colour text NOT NULL;',
  'ALTER TABLE products ADD COLUMN size int NOT NULL DEFAULT 0,\n  ADD COLUMN colour text NOT NULL;',
  'ALTER TABLE products ADD CONSTRAINT cheap CHECK (price < 10);',
  'TRUNCATE products;',
])('%s contracts', (sql) => {
  expect(contractions(sql)).not.toEqual([]);
});

test.each([
  'CREATE TABLE products (id uuid NOT NULL);',
  'ALTER TABLE products ADD COLUMN colour text;',
  "ALTER TABLE products ADD COLUMN colour text NOT NULL DEFAULT '';",
  'ALTER TABLE products ALTER COLUMN price DROP NOT NULL;',
  'DROP INDEX products_by_name;',
  '-- DROP TABLE products;',
])('%s expands', (sql) => {
  expect(contractions(sql)).toEqual([]);
});
