import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { CodedError } from '@meridian/language/coded-error.ts';
import { codeOf, messageOf } from '@meridian/language/thrown.ts';

const { escapeIdentifier } = pg;

/** Keeps the record of what ran out of the services' reach. */
const RECORD_SCHEMA = 'meridian_migrations';
const RECORD_TABLE = 'migrations';
const DIGEST_TABLE = `${RECORD_SCHEMA}.digests`;

export interface Migration {
  /** File name without `.sql`. */
  readonly name: string;
  /** SHA-256 (hex) of the file. */
  readonly digest: string;
}

/**
 * Runs the migrations of `folder` (absolute) that have not run yet, all or none, as `owner`, under an
 * advisory lock. Connected to the database as a role that may become the owner and read its record;
 * when it fails the connection is still the owner's and must be closed.
 * @returns the names of all migrations that have run, in order
 * @throws {CodedError} POSTGRES_MIGRATIONS_MISSING, POSTGRES_MIGRATION_CHANGED,
 * POSTGRES_MIGRATION_FAILED
 */
export async function runMigrations(
  client: pg.Client,
  options: { readonly folder: string; readonly owner: string; readonly database: string },
): Promise<readonly string[]> {
  const { folder, owner, database } = options;
  const migrations = await readMigrations(folder, database);
  await refuseChanged(client, migrations, options);
  await client.query(`SET ROLE ${escapeIdentifier(owner)}`);
  const lines: string[] = [];
  const log = (message: string): void => {
    lines.push(message);
  };
  try {
    await runner({
      dbClient: client,
      dir: folder,
      ignorePattern: String.raw`\..*|.*(?<!\.sql)`,
      direction: 'up',
      migrationsSchema: RECORD_SCHEMA,
      migrationsTable: RECORD_TABLE,
      createMigrationsSchema: true,
      schema: 'public',
      checkOrder: true,
      singleTransaction: true,
      advisoryLockMode: 'wait',
      log,
    });
    await recordDigests(client, migrations);
  } catch (thrown) {
    throw failure(options, lines, thrown);
  }
  await client.query('RESET ROLE');
  return migrations.map(({ name }) => name);
}

/** Names of the migrations that have run, in order; empty when none has. */
export async function migrationsRun(client: pg.Client): Promise<readonly string[]> {
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT name FROM ${RECORD_SCHEMA}.${RECORD_TABLE} ORDER BY run_on, id`,
    );
    return rows.map(({ name }) => name);
  } catch (thrown) {
    if (isUndefinedTable(thrown)) {
      return [];
    }
    throw thrown;
  }
}

async function readMigrations(folder: string, database: string): Promise<readonly Migration[]> {
  let files: readonly string[];
  try {
    files = await readdir(folder);
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') {
      throw thrown;
    }
    files = [];
  }
  const names = files.filter((file) => file.endsWith('.sql') && !file.startsWith('.')).sort();
  if (names.length === 0) {
    throw new CodedError(
      'POSTGRES_MIGRATIONS_MISSING',
      `Database '${database}': ${folder} holds no migrations; it must hold numbered SQL files, such as 0001_products.sql`,
    );
  }
  return Promise.all(
    names.map(async (file) => ({
      name: file.slice(0, -'.sql'.length),
      digest: createHash('sha256')
        .update(await readFile(join(folder, file)))
        .digest('hex'),
    })),
  );
}

/** A migration that ran is history: a change of its file would never reach the database. */
async function refuseChanged(
  client: pg.Client,
  migrations: readonly Migration[],
  { folder, database }: { readonly folder: string; readonly database: string },
): Promise<void> {
  const recorded = await recordedDigests(client);
  const changed = migrations.find(
    ({ name, digest }) => recorded.has(name) && recorded.get(name) !== digest,
  );
  if (changed !== undefined) {
    throw new CodedError(
      'POSTGRES_MIGRATION_CHANGED',
      `Database '${database}': ${join(folder, `${changed.name}.sql`)} was changed after it had run; restore it and put the change in a new file with a higher number`,
    );
  }
}

async function recordedDigests(client: pg.Client): Promise<ReadonlyMap<string, string>> {
  try {
    const { rows } = await client.query<Migration>(`SELECT name, digest FROM ${DIGEST_TABLE}`);
    return new Map(rows.map(({ name, digest }) => [name, digest]));
  } catch (thrown) {
    if (isUndefinedTable(thrown)) {
      return new Map();
    }
    throw thrown;
  }
}

async function recordDigests(client: pg.Client, migrations: readonly Migration[]): Promise<void> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${DIGEST_TABLE} (name text PRIMARY KEY, digest text NOT NULL)`,
  );
  for (const { name, digest } of migrations) {
    await client.query(`INSERT INTO ${DIGEST_TABLE} VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
      name,
      digest,
    ]);
  }
}

/** undefined_table, invalid_schema_name */
function isUndefinedTable(thrown: unknown): boolean {
  return codeOf(thrown) === '42P01' || codeOf(thrown) === '3F000';
}

function failure(
  { folder, database }: { readonly folder: string; readonly database: string },
  lines: readonly string[],
  thrown: unknown,
): Error {
  if (typeof codeOf(thrown) !== 'string' && !isOrderProblem(thrown)) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
  const started = lines.findLast((line) => line.startsWith('### MIGRATION '));
  const name = /^### MIGRATION (.+) \(UP\)/.exec(started ?? '')?.[1];
  const file = name === undefined ? folder : join(folder, `${name}.sql`);
  return new CodedError(
    'POSTGRES_MIGRATION_FAILED',
    `Database '${database}': ${file}: ${messageOf(thrown)}; nothing of this run was applied`,
    { cause: thrown },
  );
}

function isOrderProblem(thrown: unknown): boolean {
  return messageOf(thrown).startsWith('Not run migration ');
}
