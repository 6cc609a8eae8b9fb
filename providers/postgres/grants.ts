import { CodedError } from '@meridian/language/coded-error.ts';
import pg from 'pg';

const { escapeIdentifier } = pg;

/** What a service may do with the rows of a table; it never changes the tables themselves. */
const PRIVILEGES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const;

/** The same of a table that only grows. */
const APPEND_ONLY = ['SELECT', 'INSERT'] as const;

/**
 * What no service has. Source: PostgreSQL 18, section 5.8, table 5.1; MAINTAIN, which changes no row, is unknown
 * before PostgreSQL 17.
 */
const NEVER = ['TRUNCATE', 'REFERENCES', 'TRIGGER'] as const;

export interface Grants {
  readonly database: string;
  readonly owner: string;
  readonly serviceRoles: readonly string[];
  /** Tables of which the service roles only add rows. */
  readonly appendOnly: readonly string[];
}

/**
 * Gives the service roles the rows of all tables in schema `public`, also of tables that later
 * migrations make, and takes them from the roles in `former`; all at once, so that nobody has more in
 * between. Connected to the database as its owner, or as superuser.
 * @throws {CodedError} POSTGRES_TABLE_MISSING if there is no such table as one of `appendOnly`
 */
export async function applyGrants(
  client: pg.Client,
  grants: Grants,
  former: readonly string[],
): Promise<void> {
  const { database, owner, serviceRoles, appendOnly } = grants;
  await refuseMissing(client, database, appendOnly);
  await client.query('BEGIN');
  try {
    for (const role of former.filter((name) => !serviceRoles.includes(name))) {
      await revokeGrants(client, grants, role);
    }
    for (const name of serviceRoles) {
      const role = escapeIdentifier(name);
      await client.query(`GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${role}`);
      await client.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
      await client.query(`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${role}`);
      await client.query(`GRANT ${PRIVILEGES.join()} ON ALL TABLES IN SCHEMA public TO ${role}`);
      for (const table of appendOnly) {
        await client.query(`REVOKE ${WITHHELD} ON ${escapeIdentifier(table)} FROM ${role}`);
      }
      await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role}`);
      await defaults(client, owner, `REVOKE ALL ON TABLES FROM ${role}`);
      // Until it is known which of them only grow, new tables are taken for such.
      const first = appendOnly.length > 0 ? APPEND_ONLY : PRIVILEGES;
      await defaults(client, owner, `GRANT ${first.join()} ON TABLES TO ${role}`);
      await defaults(client, owner, `GRANT USAGE, SELECT ON SEQUENCES TO ${role}`);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

const WITHHELD = PRIVILEGES.filter(
  (privilege) => !APPEND_ONLY.some((given) => given === privilege),
).join();

/** A table that does not exist is a wrong name, and the one that is meant could be changed. */
async function refuseMissing(
  client: pg.Client,
  database: string,
  tables: readonly string[],
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM unnest($1::text[]) AS name
      WHERE to_regclass('public.' || quote_ident(name)) IS NULL`,
    [tables],
  );
  const [missing] = rows;
  if (missing === undefined) return;
  throw new CodedError(
    'POSTGRES_TABLE_MISSING',
    `Database '${database}': appendOnly must name tables that its migrations make, got '${missing.name}'; change it where the store is declared`,
  );
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
  appendOnly: readonly string[],
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
             AND has_table_privilege(pg_roles.oid, pg_class.oid, privilege) <>
                 (privilege = ANY (CASE WHEN relname = ANY ($3) THEN $4::text[] ELSE $5 END)))`,
    [roles, [...PRIVILEGES, ...NEVER], appendOnly, APPEND_ONLY, PRIVILEGES],
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
