import { closeDatabase } from '@meridian/provider-postgres/closing.ts';
import pg from 'pg';

const { escapeIdentifier } = pg;

/**
 * Makes the database (UTF-8, with the cluster's collation) and hands it to its owner; one that is
 * there is kept. Connected to any other database.
 */
export async function ensureDatabase(
  client: pg.Client,
  name: string,
  owner: string,
): Promise<void> {
  const [database, role] = [escapeIdentifier(name), escapeIdentifier(owner)];
  if ((await findDatabase(client, name)) === undefined) {
    await client.query(
      `CREATE DATABASE ${database} WITH OWNER ${role} TEMPLATE template0 ENCODING 'UTF8'`,
    );
  } else {
    await client.query(`ALTER DATABASE ${database} OWNER TO ${role}`);
  }
  await closeDatabase(client, name);
}

/** The database as it is; `open` when everybody may connect to it. Undefined when there is none. */
export async function findDatabase(
  client: pg.Client,
  name: string,
): Promise<{ readonly owner: string; readonly open: boolean } | undefined> {
  const { rows } = await client.query<{ owner: string; open: boolean }>(
    `SELECT pg_get_userbyid(datdba) AS owner,
            EXISTS (SELECT FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) AS granted
                     WHERE granted.grantee = 0) AS open
       FROM pg_database WHERE datname = $1`,
    [name],
  );
  return rows[0];
}

/** Removes the database with its data; sessions in it are ended. */
export async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
}
