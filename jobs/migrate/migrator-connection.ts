import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkServerIdentity } from 'node:tls';
import { codeOf, messageOf } from '@meridian/provider-postgres/schema-error.ts';
import pg from 'pg';
import { JobError } from '../job-error.ts';
import type { MigrateOrder } from './migrate-order.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_MS = 500;

/** The codes that mean "not yet" (PostgreSQL's SQLSTATE, Node.js's of a socket or a name). */
const NOT_YET: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  // invalid_authorization_specification: the operator has yet to make the role or its rule
  '28000',
  // invalid_catalog_name: the operator has yet to make the database
  '3D000',
  // cannot_connect_now, admin_shutdown, crash_shutdown
  '57P03',
  '57P01',
  '57P02',
]);

/**
 * Connects with the certificate of the migrator, once the database lets it in.
 * @throws {JobError} POSTGRES_NOT_REACHED when it does not within the patience of the order
 */
export async function connectMigrator(order: MigrateOrder): Promise<pg.Client> {
  const deadline = Date.now() + order.patienceMs;
  for (;;) {
    const client = new pg.Client(await connectionConfig(order));
    // A connection lost between two queries is told by the next query.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (thrown) {
      await client.end();
      if (!NOT_YET.has(codeOf(thrown)) || Date.now() >= deadline) throw notReached(order, thrown);
      await delay(RETRY_MS);
    }
  }
}

async function connectionConfig(order: MigrateOrder): Promise<pg.ClientConfig> {
  const { host, port, database, role, tlsFolder } = order;
  const file = (name: string): Promise<string> => readFile(join(tlsFolder, name), 'utf8');
  const [cert, key, ca] = await Promise.all([file('tls.crt'), file('tls.key'), file('ca.crt')]);
  return {
    host,
    port,
    database,
    user: role,
    // Nothing of the environment (PGPASSWORD) is meant for this server.
    password: '',
    application_name: 'migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // A migration takes what it takes; what the database sets is for services.
    options: '-c statement_timeout=0 -c idle_in_transaction_session_timeout=0',
    ssl: {
      cert,
      key,
      ca,
      minVersion: 'TLSv1.3',
      // pg names no host to TLS when it is an address, and Node.js would then check 'localhost'.
      checkServerIdentity: (_host: string, certificate) => checkServerIdentity(host, certificate),
    },
  };
}

function notReached({ host, port, database, role }: MigrateOrder, thrown: unknown): JobError {
  return new JobError(
    'POSTGRES_NOT_REACHED',
    `Database '${database}' at ${host}:${port}: does not let role '${role}' in (${messageOf(thrown)}); its certificate, pg_hba.conf and NetworkPolicies must allow it`,
    { cause: thrown },
  );
}
