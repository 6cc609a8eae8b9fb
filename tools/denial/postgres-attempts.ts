import pg from 'pg';
import type { DatabaseGrant } from '@meridian/components/model/grants.ts';
import type { Attempt, Outcome, Principal, Server, TlsMaterial } from './attempt.ts';
import { enginePrincipal } from './principals.ts';
import { outcomeOfTlsError } from './tls-refusal.ts';

/** SQLSTATEs that say no. Source: PostgreSQL, appendix A, classes 28 and 42. */
const REFUSALS: ReadonlySet<string> = new Set(['28000', '28P01', '42501']);

const CONNECT_TIMEOUT_MS = 10_000;

/** What no service may do in any database, whatever it holds. */
const FORBIDDEN_STATEMENTS: readonly string[] = [
  'CREATE TABLE denial_probe (x int)',
  'CREATE SCHEMA denial_probe',
  'CREATE ROLE denial_probe',
  'CREATE DATABASE denial_probe',
  "COPY (SELECT 1) TO PROGRAM 'true'",
  "SELECT pg_read_file('/etc/hostname')",
];

/** A table of a database, with one of its columns, for an update that touches no row. */
interface Table {
  readonly name: string;
  readonly column: string;
}

/**
 * Every principal, as every role, at every database: the common name decides, so whichever of its
 * certificates for engines a service shows is as good. Then, in its own database, what a service may
 * do with each of its tables and what it may not. Whatever is admitted is rolled back.
 */
export async function postgresAttempts(
  grants: readonly DatabaseGrant[],
  principals: readonly Principal[],
  server: Server,
): Promise<readonly Attempt[]> {
  const roles = grants.flatMap(({ serviceRole, ownerRole }) => [serviceRole, ownerRole]);
  const logins = principals.flatMap((principal) =>
    grants.flatMap(({ database, serviceRole }) =>
      [...roles, 'postgres'].map((role): Attempt => ({
        engine: 'postgresql',
        caller: principal.name,
        object: `database ${database}`,
        action: `log in as ${role}`,
        declared: principal.commonName === serviceRole && role === serviceRole,
        carryOut: () => attempt({ server, database, role, tls: principal.tls }, 'SELECT 1'),
      })),
    ),
  );
  const statements = await Promise.all(
    grants.map((grant) => statementAttempts(grant, principals, server)),
  );
  return [...logins, ...statements.flat()];
}

async function statementAttempts(
  { database, service, serviceRole, ownerRole, appendOnly }: DatabaseGrant,
  principals: readonly Principal[],
  server: Server,
): Promise<readonly Attempt[]> {
  const caller = enginePrincipal(service, 'postgresql');
  const tls = principals.find(({ name }) => name === caller)?.tls;
  if (tls === undefined) throw new Error(`There is no certificate of ${caller}`);
  const login = { server, database, role: serviceRole, tls };
  const attemptOf = (action: string, declared: boolean, statement = action): Attempt => ({
    engine: 'postgresql',
    caller,
    object: `database ${database}`,
    action,
    declared,
    carryOut: () => attempt(login, statement),
  });
  const owner = pg.escapeIdentifier(ownerRole);
  const tables = await tablesOf(login);
  return [
    ...[...FORBIDDEN_STATEMENTS, `SET ROLE ${owner}`].map((text) => attemptOf(text, false)),
    ...tables.flatMap(({ name, column }) => {
      const of = pg.escapeIdentifier(name);
      const to = pg.escapeIdentifier(column);
      const changes = !appendOnly.includes(name);
      return [
        attemptOf(`ALTER TABLE ${of}`, false, `ALTER TABLE ${of} ADD COLUMN denial_probe int`),
        attemptOf(`TRUNCATE ${of}`, false),
        attemptOf(`SELECT ${of}`, true, `SELECT FROM ${of} LIMIT 0`),
        attemptOf(
          `INSERT ${of}`,
          true,
          `INSERT INTO ${of} (${to}) SELECT ${to} FROM ${of} WHERE false`,
        ),
        attemptOf(`UPDATE ${of}`, changes, `UPDATE ${of} SET ${to} = ${to} WHERE false`),
        attemptOf(`DELETE ${of}`, changes, `DELETE FROM ${of} WHERE false`),
      ];
    }),
  ];
}

/** The tables of a database, as its service sees them. */
async function tablesOf(login: Login): Promise<readonly Table[]> {
  const client = clientOf(login);
  await client.connect();
  try {
    const { rows } = await client.query<Table>(
      `SELECT relname AS name, attname AS column FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND attnum = (SELECT min(attnum) FROM pg_attribute
            WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
              AND attgenerated = '' AND attidentity = '')
        ORDER BY relname`,
    );
    return rows;
  } finally {
    await client.end();
  }
}

interface Login {
  readonly server: Server;
  readonly database: string;
  readonly role: string;
  readonly tls: TlsMaterial;
}

function clientOf({ server, database, role, tls }: Login): pg.Client {
  return new pg.Client({
    ...server,
    database,
    user: role,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ssl: { ...tls, checkServerIdentity: () => undefined },
  });
}

async function attempt(login: Login, statement: string): Promise<Outcome> {
  const client = clientOf(login);
  // The same failure rejects what was asked; as an event it has nothing to add.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    // Not ended: after a failed handshake that would wait for ever.
    return outcomeOfError(error);
  }
  try {
    // CREATE DATABASE cannot be in a transaction, and is refused before it would matter.
    if (!statement.startsWith('CREATE DATABASE')) await client.query('BEGIN');
    await client.query(statement);
    return { verdict: 'admitted', detail: 'done, and rolled back' };
  } catch (error) {
    return outcomeOfError(error);
  } finally {
    await client.end();
  }
}

function outcomeOfError(error: unknown): Outcome {
  if (!(error instanceof pg.DatabaseError)) return outcomeOfTlsError(error);
  const verdict = REFUSALS.has(error.code ?? '') ? 'refused' : 'unclear';
  return { verdict, detail: `${error.code ?? ''} ${error.message}`.trim() };
}
