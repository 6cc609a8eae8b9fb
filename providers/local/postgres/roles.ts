import { codeOf } from '@meridian/language/thrown.ts';
import pg from 'pg';
import { CodedError } from '@meridian/language/coded-error.ts';

const { escapeIdentifier, escapeLiteral } = pg;

/**
 * How a role is made: `owner` owns and cannot log in, `service` logs in and owns nothing, and `monitor` is a service
 * that may read what the server says of itself (pg_monitor), and no table.
 */
export type RoleKind = 'owner' | 'service' | 'monitor';

export interface RoleSettings {
  readonly kind: RoleKind;
  /** Applies to a role that logs in. */
  readonly connectionLimit: number;
  /** Session settings, such as `statement_timeout: '5s'`. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What a role really is; `other` has a right that none of ours has. */
export interface FoundRole {
  readonly kind: RoleKind | 'other';
  readonly connectionLimit: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** An owner needs none: it opens no session. */
export const NO_LIMIT = -1;

/** Makes the role, or makes one that is there be as wanted. */
export async function ensureRole(
  client: pg.Client,
  name: string,
  { kind, connectionLimit, settings }: RoleSettings,
): Promise<void> {
  const role = escapeIdentifier(name);
  const login =
    kind === 'owner'
      ? `NOLOGIN CONNECTION LIMIT ${NO_LIMIT}`
      : `LOGIN CONNECTION LIMIT ${connectionLimit}`;
  const attributes = `${login} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD NULL`;
  await client.query('BEGIN');
  try {
    const verb = (await findRole(client, name)) === undefined ? 'CREATE' : 'ALTER';
    await client.query(`${verb} ROLE ${role} WITH ${attributes}`);
    const membership = kind === 'monitor' ? 'GRANT pg_monitor TO' : 'REVOKE pg_monitor FROM';
    await client.query(`${membership} ${role}`);
    await client.query(`ALTER ROLE ${role} RESET ALL`);
    for (const [setting, value] of Object.entries(settings)) {
      await client.query(
        `ALTER ROLE ${role} SET ${escapeIdentifier(setting)} = ${escapeLiteral(value)}`,
      );
    }
    await client.query('COMMIT');
  } catch (thrown) {
    await client.query('ROLLBACK');
    throw thrown;
  }
}

/** The role as it is, or undefined. */
export async function findRole(client: pg.Client, name: string): Promise<FoundRole | undefined> {
  const { rows } = await client.query<{
    login: boolean;
    powerful: boolean;
    monitors: boolean;
    connectionLimit: number;
    settings: readonly string[] | null;
  }>(
    `SELECT rolcanlogin AS login,
            rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls AS powerful,
            pg_has_role(oid, 'pg_monitor', 'MEMBER') AS monitors,
            rolconnlimit AS "connectionLimit",
            (SELECT setconfig FROM pg_db_role_setting
              WHERE setrole = pg_roles.oid AND setdatabase = 0) AS settings
       FROM pg_roles WHERE rolname = $1`,
    [name],
  );
  const [row] = rows;
  if (row === undefined) {
    return undefined;
  }
  const kind = row.login ? (row.monitors ? 'monitor' : 'service') : 'owner';
  return {
    kind: row.powerful ? 'other' : kind,
    connectionLimit: row.connectionLimit,
    settings: Object.fromEntries(
      (row.settings ?? []).map((entry) => {
        const at = entry.indexOf('=');
        return [entry.slice(0, at), entry.slice(at + 1)] as const;
      }),
    ),
  };
}

/** Databases in which something belongs to the role or is granted to it. */
export async function databasesWithTraces(
  client: pg.Client,
  name: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT DISTINCT datname FROM pg_shdepend
       JOIN pg_database ON pg_database.oid = pg_shdepend.dbid
       JOIN pg_roles ON pg_roles.oid = pg_shdepend.refobjid
      WHERE refclassid = 'pg_authid'::regclass AND rolname = $1 AND datallowconn
      ORDER BY datname`,
    [name],
  );
  return rows.map(({ datname }) => datname);
}

/** Takes back what was granted to a role that owns nothing, in the database of this connection. */
export async function dropGrants(client: pg.Client, name: string): Promise<void> {
  if ((await findRole(client, name)) !== undefined) {
    await client.query(`DROP OWNED BY ${escapeIdentifier(name)}`);
  }
}

/** @throws {CodedError} POSTGRES_ROLE_IN_USE when something still belongs to it */
export async function dropRole(client: pg.Client, name: string): Promise<void> {
  try {
    await client.query(`DROP ROLE IF EXISTS ${escapeIdentifier(name)}`);
  } catch (thrown) {
    // dependent_objects_still_exist
    if (codeOf(thrown) !== '2BP01') {
      throw thrown;
    }
    const { detail } = thrown as pg.DatabaseError;
    throw new CodedError(
      'POSTGRES_ROLE_IN_USE',
      `Role '${name}': is still in use (${detail ?? 'no detail'}); delete or hand over what belongs to it first`,
      { cause: thrown },
    );
  }
}
