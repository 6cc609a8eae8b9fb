import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkServerIdentity } from 'node:tls';
import { databaseTrouble } from '@meridian/kit/postgres/database-trouble.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import pg from 'pg';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { MigrateOrder } from './migrate-order.ts';

/** The longest that one try may take; all together have the patience of the order. */
const TRY_TIMEOUT_RANGE_MS = [1_000, 5_000] as const;
const RETRY_MS = 500;

/**
 * Connects with the certificate of the migrator, once the database lets it in. A server, a role, a rule
 * or a network policy that is not there yet looks like a database that is away, and is waited for; what
 * no wait fixes, such as a certificate of another server, is told at once.
 * @throws {CodedError} POSTGRES_NOT_REACHED when it does not within the patience of the order
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
      // Not waited for: what dropped the first packets drops the last ones too.
      void client.end();
      const passes = databaseTrouble(thrown) !== 'defect';
      if (!passes || Date.now() >= deadline) throw notReached(order, thrown);
      await delay(RETRY_MS);
    }
  }
}

async function connectionConfig(order: MigrateOrder): Promise<pg.ClientConfig> {
  const { host, port, database, role, tlsFolder, patienceMs } = order;
  const [least, most] = TRY_TIMEOUT_RANGE_MS;
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
    // Packets that are dropped are answered by nobody, so each try has an end.
    connectionTimeoutMillis: Math.min(Math.max(patienceMs / 10, least), most),
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

function notReached({ host, port, database, role }: MigrateOrder, thrown: unknown): CodedError {
  return new CodedError(
    'POSTGRES_NOT_REACHED',
    `Database '${database}' at ${host}:${port}: does not let role '${role}' in (${messageOf(thrown)}); its certificate, pg_hba.conf and NetworkPolicies must allow it`,
    { cause: thrown },
  );
}
