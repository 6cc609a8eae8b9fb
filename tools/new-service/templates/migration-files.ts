import { lines } from '../lines.ts';
import type { NewService } from '../new-service-files.ts';

/** Its own table. */
export function migrationFiles(service: NewService): Readonly<Record<string, string>> {
  return { [`migrations/0001_create-${service.service}.sql`]: ownTable(service) };
}

/** Links to the tables of the kit that it uses (docs/decisions/0042), by their path below its folder. */
export function migrationLinks({
  publishes,
  consumes,
}: NewService): Readonly<Record<string, string>> {
  const tables = [
    ...(publishes ? [['outbox', '1_outbox.sql'] as const] : []),
    ...(consumes.length > 0
      ? ([
          ['inbox', '2_inbox.sql'],
          ['held-events', '3_held-events.sql'],
          ['dropped-events', '4_dropped-events.sql'],
        ] as const)
      : []),
  ];
  return Object.fromEntries(
    tables.map(([table, file], index) => [
      `migrations/000${index + 2}_create-${table}.sql`,
      `../../kit/events/tables/${file}`,
    ]),
  );
}

function ownTable({ service, resource }: NewService): string {
  return lines(
    '-- Up Migration',
    '',
    '-- The service validates first, with better messages; these checks hold against any other writer.',
    `CREATE TABLE ${service} (`,
    `  ${resource}_id text PRIMARY KEY CHECK (${resource}_id ~ '^[a-z0-9-]{1,63}$'),`,
    `  text text NOT NULL CHECK (char_length(text) BETWEEN 1 AND 1000),`,
    `  update_time timestamptz NOT NULL DEFAULT now(),`,
    '  -- How often it has been put.',
    '  version bigint NOT NULL DEFAULT 1',
    ');',
  );
}
