import { readFileSync } from 'node:fs';
import path from 'node:path';
import { lines } from '../lines.ts';
import type { NewService } from '../new-service-files.ts';

const KIT_TABLES = path.join(import.meta.dirname, '../../../services/kit/events/tables');

/** Its table, and those of the kit that it uses. */
export function migrationFiles(service: NewService): Readonly<Record<string, string>> {
  const tables: (readonly [name: string, text: string])[] = [
    [`create-${service.service}`, ownTable(service)],
    ...(service.publishes ? [['create-outbox', kitTable('1_outbox.sql')] as const] : []),
    ...(service.consumes.length > 0 ? [['create-inbox', kitTable('2_inbox.sql')] as const] : []),
  ];
  return Object.fromEntries(
    tables.map(([name, text], index) => [
      `migrations/${String(index + 1).padStart(4, '0')}_${name}.sql`,
      text,
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

function kitTable(file: string): string {
  return readFileSync(path.join(KIT_TABLES, file), 'utf8');
}
