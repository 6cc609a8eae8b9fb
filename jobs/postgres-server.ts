import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkServerIdentity } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { databaseTrouble } from '@meridian/kit/postgres/database-trouble.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import pg from 'pg';

/** The longest that one try may take; all together have the patience of the order. */
const TRY_TIMEOUT_RANGE_MS = [1_000, 5_000] as const;
const RETRY_MS = 500;

/** A database, and how long it is waited for. */
export interface AwaitedDatabase {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly patienceMs: number;
}

/** As whom a Job comes. */
export interface Visitor {
  readonly user: string;
  readonly password: string;
  readonly ssl: Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'minVersion'>;
}

/** A server that AWS manages, as the files of a mounted Secret say. */
export interface ManagedServer {
  readonly host: string;
  /** Certificates to trust. */
  readonly ca: string;
  /** By which Secrets Manager knows who owns it; empty where nobody has to know. */
  readonly ownerSecret: string;
}

/** Reads of a folder where a server is. */
export async function readServer(folder: string): Promise<ManagedServer> {
  const file = async (name: string): Promise<string> =>
    (await readFile(join(folder, name), 'utf8')).trim();
  const [host, ca] = await Promise.all([file('host'), file('ca.crt')]);
  return { host, ca, ownerSecret: await file('owner-secret').catch(() => '') };
}

/**
 * Connects once the database lets a visitor in. A server, a role, a rule or a network policy that is not there yet looks
 * like a database that is away, and is waited for; what no wait fixes, such as a certificate of another server, is told
 * at once.
 *
 * @param visitor asked for each try
 * @throws {CodedError} POSTGRES_NOT_REACHED when it does not within the patience, and what `visitor` throws
 */
export async function connectPatiently(
  awaited: AwaitedDatabase,
  visitor: () => Promise<Visitor>,
): Promise<pg.Client> {
  const deadline = Date.now() + awaited.patienceMs;
  for (;;) {
    const who = await visitor();
    const client = new pg.Client(connectionConfig(awaited, who));
    // A connection lost between two queries is told by the next query.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (thrown) {
      // Not waited for: what dropped the first packets drops the last ones too.
      void client.end();
      const passes = databaseTrouble(thrown) !== 'defect';
      if (!passes || Date.now() >= deadline) throw notReached(awaited, who, thrown);
      await delay(RETRY_MS);
    }
  }
}

function connectionConfig(
  { host, port, database, patienceMs }: AwaitedDatabase,
  { user, password, ssl }: Visitor,
): pg.ClientConfig {
  const [least, most] = TRY_TIMEOUT_RANGE_MS;
  return {
    ...{ host, port, database, user, password },
    application_name: 'migrate',
    // Packets that are dropped are answered by nobody, so each try has an end.
    connectionTimeoutMillis: Math.min(Math.max(patienceMs / 10, least), most),
    // A migration takes what it takes; what the database sets is for services.
    options: '-c statement_timeout=0 -c idle_in_transaction_session_timeout=0',
    ssl: {
      ...ssl,
      // pg names no host to TLS when it is an address, and Node.js would then check 'localhost'.
      checkServerIdentity: (_host: string, certificate) => checkServerIdentity(host, certificate),
    },
  };
}

function notReached(
  { host, port, database }: AwaitedDatabase,
  { user }: Visitor,
  thrown: unknown,
): CodedError {
  return new CodedError(
    'POSTGRES_NOT_REACHED',
    `Database '${database}' at ${host}:${port}: does not let role '${user}' in (${messageOf(thrown)}); its certificate, pg_hba.conf and NetworkPolicies must allow it`,
    { cause: thrown },
  );
}
