import pg from 'pg';

const { escapeIdentifier } = pg;

/** Lets nobody connect to the database but its owner, and roles that are granted it. */
export async function closeDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query(`REVOKE ALL ON DATABASE ${escapeIdentifier(name)} FROM PUBLIC`);
}

/** Leaves the schema `public` to the owner alone. Connected to the database itself. */
export async function closeSchema(client: pg.Client, owner: string): Promise<void> {
  await client.query(`ALTER SCHEMA public OWNER TO ${escapeIdentifier(owner)}`);
  await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
}
