import { join } from 'node:path';
import { closeDatabase, closeSchema } from '@meridian/provider-postgres/closing.ts';
import { applyGrants, grantedRoles } from '@meridian/provider-postgres/grants.ts';
import { runMigrations } from '@meridian/provider-postgres/migrations.ts';
import pg from 'pg';
import type { MigrateOrder } from './migrate-order.ts';
import { connectMigrator } from './migrator-connection.ts';

const { escapeIdentifier, escapeLiteral } = pg;

/**
 * Brings one database up to date as its owner: migrations, then who may do what. Doing it again
 * changes nothing.
 * @returns the names of all migrations that have run, in order
 * @throws {CodedError} POSTGRES_NOT_REACHED
 * @throws {CodedError} POSTGRES_MIGRATIONS_MISSING, POSTGRES_MIGRATION_CHANGED,
 * POSTGRES_MIGRATION_FAILED
 */
export async function migrate(
  order: MigrateOrder,
  programFolder: string,
): Promise<readonly string[]> {
  const { database, owner, role } = order;
  const client = await connectMigrator(order);
  try {
    // The record of what has run is the owner's.
    await become(client, owner);
    const folder = join(programFolder, order.migrations);
    const run = await runMigrations(client, { folder, owner, database });
    await become(client, owner);
    await closeDatabase(client, database);
    await closeSchema(client, owner);
    const former = (await grantedRoles(client)).filter((granted) => granted !== role);
    await applyGrants(client, order, former);
    // The rights of an owner are its own only after SET ROLE, and a session begins before.
    const [name, migrator] = [escapeIdentifier(database), escapeIdentifier(role)];
    await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${migrator}`);
    await applySettings(client, order);
    return run;
  } finally {
    await client.end();
  }
}

async function become(client: pg.Client, owner: string): Promise<void> {
  await client.query(`SET ROLE ${escapeIdentifier(owner)}`);
}

/** The owner of a database may say with what its sessions begin; of roles only a superuser may. */
async function applySettings(
  client: pg.Client,
  { database, settings }: MigrateOrder,
): Promise<void> {
  const name = escapeIdentifier(database);
  await client.query(`ALTER DATABASE ${name} RESET ALL`);
  for (const [setting, value] of Object.entries(settings)) {
    await client.query(
      `ALTER DATABASE ${name} SET ${escapeIdentifier(setting)} = ${escapeLiteral(value)}`,
    );
  }
}
