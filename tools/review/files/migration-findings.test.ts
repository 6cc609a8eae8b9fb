import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../finding.ts';
import { changedText } from './changed-tree.ts';
import { migrationFindings } from './migration-findings.ts';

type Files = Readonly<Record<string, string>>;

function findingsOf(before: Files, after: Files): readonly Finding[] {
  const files = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return migrationFindings(files.map((file) => changedText(file, before[file], after[file])));
}

describe('migrations', () => {
  const FILE = 'services/orders/migrations/0003_lines.sql';
  const text = 'CREATE TABLE lines (id bigint);\n';

  test('that are edited or renamed are refused by the migrator, and told once', () => {
    expect(findingsOf({ [FILE]: text }, { [FILE]: `${text}-- more\n` })).toMatchObject([
      {
        kind: 'migration-changed',
        consequence: expect.stringContaining('POSTGRES_MIGRATION_CHANGED'),
        at: { line: 2 },
      },
    ]);
    const renamed = FILE.replace('lines', 'items');
    expect(findingsOf({ [FILE]: text }, { [renamed]: text })).toMatchObject([
      {
        kind: 'migration-changed',
        subject: renamed,
        property: 'name',
        before: '0003_lines.sql',
        after: '0003_items.sql',
      },
    ]);
    expect(findingsOf({ [FILE]: text }, {})).toMatchObject([
      { kind: 'migration-changed', after: 'none' },
    ]);
  });

  test('lose data where they come to do so, and not where they always did', () => {
    const drop = `${text}DROP TABLE orders;\n`;
    const kinds = (before: Files, after: Files) =>
      findingsOf(before, after).map(({ kind }) => kind);
    expect(kinds({}, { [FILE]: drop })).toEqual(['data-deleted']);
    expect(kinds({ [FILE]: text }, { [FILE]: drop })).toEqual(['data-deleted']);
    expect(kinds({ [FILE]: drop }, { [FILE]: `${drop}\n` })).toEqual(['migration-changed']);
  });
});
