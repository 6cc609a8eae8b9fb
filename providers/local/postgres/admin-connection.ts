import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '@meridian/language/thrown.ts';
import pg from 'pg';
import { placeholdersOf } from '../folders.ts';
import type { Folders } from '../folders.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import type { PostgresServer } from './identifiers.ts';
import { isAway, serverTrouble } from './server-trouble.ts';

/** The superuser of every server of ours; peer authentication over the unix socket lets it in. */
export const SUPERUSER = 'postgres';

const CONNECT_TIMEOUT_MS = 5000;
const RETRY_MS = 100;

export interface AdminOptions {
  readonly folders: Folders;
  readonly server: PostgresServer;
  /** @default 'postgres' */
  readonly database?: string;
  /** How long to go on trying while nobody answers, in milliseconds. @default 0: one try */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Runs `work` on a connection of the superuser and closes it. When the signal is aborted the
 * connection is cut, and the server rolls back what was open.
 * @throws {CodedError} POSTGRES_UNREACHABLE when nobody answers on the server's socket, or nobody
 * any more; DISK_FULL and POSTGRES_REFUSED where the server cannot do its work
 */
export async function withAdmin<T>(
  options: AdminOptions,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(options);
  // A connection lost between two queries is told by the next query.
  client.on('error', () => undefined);
  const cut = (): void => void client.end();
  options.signal?.addEventListener('abort', cut, { once: true });
  try {
    return await work(client);
  } catch (thrown) {
    if (options.signal?.aborted === true) {
      throw cancelled(options.server);
    }
    throw serverTrouble(nameOf(options.server), dataFolder(options), thrown) ?? thrown;
  } finally {
    options.signal?.removeEventListener('abort', cut);
    await client.end();
  }
}

/** The server's name in messages. */
export function nameOf({ zone, process, port }: PostgresServer): string {
  return `PostgreSQL '${process}' in zone ${zone} (port ${port})`;
}

async function connect(options: AdminOptions): Promise<pg.Client> {
  const { folders, server, database = 'postgres', patienceMs = 0, signal } = options;
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const client = new pg.Client({
      host: folders.runtime,
      port: server.port,
      user: SUPERUSER,
      database,
      application_name: 'meridian-local',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // Nothing of the user's own PostgreSQL settings (PGPASSWORD, PGSSLMODE) is meant for this server.
      password: '',
      ssl: false,
    });
    try {
      await client.connect();
      return client;
    } catch (thrown) {
      await client.end();
      if (!isAway(thrown)) {
        throw (
          serverTrouble(nameOf(server), dataFolder(options), thrown) ??
          refused(server, database, thrown)
        );
      }
      if (signal?.aborted === true) {
        throw cancelled(server);
      }
      if (Date.now() >= deadline) {
        throw new CodedError(
          'POSTGRES_UNREACHABLE',
          `${nameOf(server)}: does not answer on its socket in ${folders.runtime} (${messageOf(thrown)}); 'npm run status' tells whether it runs`,
          { cause: thrown },
        );
      }
      await delay(RETRY_MS);
    }
  }
}

function dataFolder({ folders, server }: AdminOptions): string {
  return placeholdersOf(folders, server.zone, server.process).data;
}

function cancelled(server: PostgresServer): CodedError {
  return new CodedError('CANCELLED', `Stopped while ${nameOf(server)} was waited for`);
}

function refused(server: PostgresServer, database: string, thrown: unknown): CodedError {
  // invalid_catalog_name
  if (codeOf(thrown) === '3D000') {
    return new CodedError(
      'POSTGRES_DATABASE_MISSING',
      `${nameOf(server)}: has no database '${database}'; 'npm run refresh', then 'npm start', makes it again`,
      { cause: thrown },
    );
  }
  return new CodedError(
    'POSTGRES_REFUSED',
    `${nameOf(server)}: refuses its superuser '${SUPERUSER}': ${messageOf(thrown)}; pg_hba.conf must let it in over the socket`,
    { cause: thrown },
  );
}
