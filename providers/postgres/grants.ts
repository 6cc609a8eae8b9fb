import pg from 'pg';

const { escapeIdentifier } = pg;

/** What a service may do with the rows of its tables; it never changes the tables themselves. */
const TABLE_PRIVILEGES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;
export type TablePrivilege = (typeof TABLE_PRIVILEGES)[number];

export interface Grants {
  readonly database: string;
  readonly owner: string;
  readonly serviceRoles: readonly string[];
  /** @default all of them */
  readonly privileges?: readonly TablePrivilege[];
}

/**
 * Gives the service roles the rows of all tables in schema `public`, also of tables that later
 * migrations make, and takes them from the roles in `former`. Connected to the database as its owner, or
 * as superuser.
 */
export async function applyGrants(
  client: pg.Client,
  { database, owner, serviceRoles, privileges = TABLE_PRIVILEGES }: Grants,
  former: readonly string[],
): Promise<void> {
  for (const role of former.filter((name) => !serviceRoles.includes(name))) {
    await revokeGrants(client, { database, owner }, role);
  }
  const tables = privileges.join(', ');
  const withheld = TABLE_PRIVILEGES.filter((privilege) => !privileges.includes(privilege));
  for (const name of serviceRoles) {
    const role = escapeIdentifier(name);
    await client.query(`GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${role}`);
    await client.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
    await client.query(`GRANT ${tables} ON ALL TABLES IN SCHEMA public TO ${role}`);
    await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role}`);
    await defaults(client, owner, `GRANT ${tables} ON TABLES TO ${role}`);
    await defaults(client, owner, `GRANT USAGE, SELECT ON SEQUENCES TO ${role}`);
    if (withheld.length > 0) {
      const rest = withheld.join(', ');
      await client.query(`REVOKE ${rest} ON ALL TABLES IN SCHEMA public FROM ${role}`);
      await defaults(client, owner, `REVOKE ${rest} ON TABLES FROM ${role}`);
    }
  }
}

/** Takes everything in the database back from a role; does nothing when there is no such role. */
export async function revokeGrants(
  client: pg.Client,
  { database, owner }: Pick<Grants, 'database' | 'owner'>,
  name: string,
): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = ANY ($1)', [
    [name, owner],
  ]);
  if (rowCount !== 2) {
    return;
  }
  const role = escapeIdentifier(name);
  await defaults(client, owner, `REVOKE ALL ON TABLES FROM ${role}`);
  await defaults(client, owner, `REVOKE ALL ON SEQUENCES FROM ${role}`);
  await client.query(`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${role}`);
  await client.query(`REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM ${role}`);
  await client.query(`REVOKE ALL ON SCHEMA public FROM ${role}`);
  await client.query(`REVOKE ALL ON DATABASE ${escapeIdentifier(database)} FROM ${role}`);
}

/** Those of `roles` that hold exactly what `applyGrants` gives. Connected to the database. */
export async function rolesWithGrants(
  client: pg.Client,
  roles: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ rolname: string }>(
    `SELECT rolname FROM pg_roles
      WHERE rolname = ANY ($1)
        AND has_database_privilege(oid, current_database(), 'CONNECT')
        AND has_schema_privilege(oid, 'public', 'USAGE')
        AND NOT has_schema_privilege(oid, 'public', 'CREATE')
        AND NOT EXISTS (
          SELECT FROM pg_class
           CROSS JOIN unnest($2::text[]) AS privilege
           WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
             AND NOT has_table_privilege(pg_roles.oid, pg_class.oid, privilege))`,
    [roles, TABLE_PRIVILEGES],
  );
  const found = new Set(rows.map(({ rolname }) => rolname));
  return roles.filter((role) => found.has(role));
}

/** Roles that may connect to this database by a grant, besides its owner. */
export async function grantedRoles(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ role: string }>(
    `SELECT DISTINCT pg_get_userbyid(grantee) AS role
       FROM pg_database CROSS JOIN aclexplode(datacl)
      WHERE datname = current_database() AND grantee NOT IN (0, datdba) ORDER BY role`,
  );
  return rows.map(({ role }) => role);
}

async function defaults(client: pg.Client, owner: string, change: string): Promise<void> {
  const role = escapeIdentifier(owner);
  await client.query(`ALTER DEFAULT PRIVILEGES FOR ROLE ${role} IN SCHEMA public ${change}`);
}
