import type { Finding } from '../finding.ts';
import { changedPlace } from './changed-tree.ts';
import type { ChangedText } from './changed-tree.ts';

/** A migration of a service's database. */
const MIGRATION = /^services\/[\w-]+\/migrations\/.+\.sql$/;

/** Statements after which rows or columns are gone. Source: PostgreSQL 17, "SQL Commands". */
const DELETES =
  /\bdrop\s+(?:table|schema|database|column)\b|\btruncate\b|\bdelete\s+from\b|\balter\s+table\b[^;]{0,400}\bdrop\s+(?!constraint\b|not\b|default\b|expression\b|identity\b)/i;
/** Lines that run nowhere; what only looks like one may stand in a text. */
const SQL_COMMENTS = /^\s*--.*$/gm;

/**
 * Migrations that are new, edited, renamed or gone, one finding each. What has run is history: the migrator holds each file
 * against its digest, and their order against its record (providers/postgres/migrations.ts).
 */
export function migrationFindings(changed: readonly ChangedText[]): readonly Finding[] {
  const migrations = changed.filter(({ file }) => MIGRATION.test(file));
  const gone = migrations.filter(({ isGone }) => isGone);
  const formers = new Map<ChangedText, ChangedText>();
  for (const come of migrations.filter(({ isNew }) => isNew)) {
    const former = gone.find(
      (one) => one.before === come.after && ![...formers.values()].includes(one),
    );
    if (former !== undefined) formers.set(come, former);
  }
  const renamed = new Set(formers.values());
  return migrations
    .filter((one) => !renamed.has(one))
    .map((one) => {
      const former = formers.get(one);
      return former === undefined ? ofMigration(one) : renaming(former, one);
    });
}

function ofMigration(changed: ChangedText): Finding {
  const { file, before, after, isNew, isGone } = changed;
  const common = {
    subject: file,
    among: 'migrations',
    before: isNew ? 'none' : 'there',
    after: isGone ? 'none' : isNew ? 'there' : 'another',
    at: changedPlace(changed),
  };
  if (deletes(after) && !deletes(before)) {
    return {
      ...common,
      kind: 'data-deleted',
      consequence: 'rows or columns of a table are gone',
    };
  }
  return {
    ...common,
    kind: 'migration-changed',
    consequence: isNew
      ? 'a schema changes, and no rollback undoes it'
      : isGone
        ? 'where it has run, what it made stays, and the migrator refuses what comes in its place: the deployment stops there'
        : 'where it has run, the migrator refuses it (POSTGRES_MIGRATION_CHANGED): the deployment stops there',
  };
}

function renaming(former: ChangedText, { file }: ChangedText): Finding {
  return {
    kind: 'migration-changed',
    subject: file,
    among: 'migrations',
    property: 'name',
    before: former.file.split('/').at(-1) ?? former.file,
    after: file.split('/').at(-1) ?? file,
    consequence:
      'where it has run, the migrator refuses it by another name (POSTGRES_MIGRATION_FAILED): the deployment stops there',
    at: { file, line: 1 },
  };
}

function deletes(statements: string): boolean {
  return DELETES.test(statements.replaceAll(SQL_COMMENTS, ' '));
}
