import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { IAM_GROUP, letInByIam } from './let-in-by-iam.ts';
import type { OrderedRole, RolesOrder } from './roles-order.ts';
import { scramVerifier } from './scram-verifier.ts';

const { escapeIdentifier, escapeLiteral } = pg;

/** Of the server itself; whoever asks how it is connects to it. */
const MAINTENANCE_DATABASE = 'postgres';

/** From here on PostgreSQL sorts C.UTF-8 by itself, whatever the system below it. */
const BUILTIN_LOCALE_SINCE = 170_000;

/**
 * Makes the roles and databases of an order where they are not there, and gives each role what the order says and no more.
 * Doing it again changes nothing but salts. Connected as the server's owner, who is not a superuser: he may change the roles
 * that he has made, and no other.
 *
 * @returns the roles that should come by IAM and cannot, and why: people look as the owner then, and services wait for none of them
 */
export async function keepRoles(client: pg.Client, order: RolesOrder): Promise<readonly string[]> {
  for (const role of order.roles) await keepRole(client, role, order.passwordsFolder);
  for (const database of order.databases) await keepDatabase(client, database);
  await closeMaintenance(client, order.watchers);
  const kept: string[] = [];
  for (const { name } of order.roles.filter(({ byIam }) => byIam === true)) {
    const reason = await letInByIam(client, name);
    if (reason !== undefined) kept.push(`${name}, as ${reason}`);
  }
  return kept;
}

async function keepRole(
  client: pg.Client,
  { name, login, byIam = false, inherit, connectionLimit = -1, memberOf }: OrderedRole,
  passwordsFolder: string,
): Promise<void> {
  const role = escapeIdentifier(name);
  const there = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (there.rowCount === 0) await client.query(`CREATE ROLE ${role}`);
  const password =
    login && !byIam
      ? escapeLiteral(scramVerifier((await readFile(join(passwordsFolder, name), 'utf8')).trim()))
      : 'NULL';
  await client.query(
    `ALTER ROLE ${role} WITH ${login ? 'LOGIN' : 'NOLOGIN'} ${inherit ? 'INHERIT' : 'NOINHERIT'}
       NOCREATEDB NOCREATEROLE CONNECTION LIMIT ${connectionLimit} PASSWORD ${password}`,
  );
  const former = await client.query<{ group: string }>(
    `SELECT DISTINCT roleid::regrole::text AS group FROM pg_auth_members
      WHERE member = $1::regrole AND NOT roleid::regrole::text = ANY ($2)`,
    [
      role,
      [...memberOf, ...(byIam ? [IAM_GROUP] : [])]
        .map((group) => escapeIdentifier(group))
        .map(unquoted),
    ],
  );
  for (const { group } of former.rows) await client.query(`REVOKE ${group} FROM ${role}`);
  for (const group of memberOf) {
    await client.query(`GRANT ${escapeIdentifier(group)} TO ${role}`);
  }
}

/** As `regrole` writes names: of those that the graph gives none needs quotes. */
function unquoted(name: string): string {
  return /^"[a-z_][a-z0-9_]*"$/.test(name) ? name.slice(1, -1) : name;
}

async function keepDatabase(
  client: pg.Client,
  { name, owner }: RolesOrder['databases'][number],
): Promise<void> {
  const there = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (there.rowCount !== 0) return;
  const [database, role] = [escapeIdentifier(name), escapeIdentifier(owner)];
  // Who makes a database for another role has to be able to become that role, for as long as it takes.
  await client.query(`GRANT ${role} TO CURRENT_USER`);
  await client.query(
    `CREATE DATABASE ${database} OWNER ${role} TEMPLATE template0 ENCODING 'UTF8' ${await locale(client)}`,
  );
  await client.query(`REVOKE ${role} FROM CURRENT_USER`);
}

/** Bytes sort the same on every landing. What only the system below can tell is told as AWS's own databases have it. */
async function locale(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::int AS version",
  );
  return (rows[0]?.version ?? 0) >= BUILTIN_LOCALE_SINCE
    ? "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
    : "LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'";
}

/** Where no pg_hba.conf of ours says who comes to which database, the right to connect does. */
async function closeMaintenance(client: pg.Client, watchers: readonly string[]): Promise<void> {
  const database = escapeIdentifier(MAINTENANCE_DATABASE);
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  for (const watcher of watchers) {
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${escapeIdentifier(watcher)}`);
  }
}
