import type pg from 'pg';
import { isUnreachable, withAdmin } from '../postgres/admin-connection.ts';
import type { PostgresServer } from '../postgres/identifiers.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { withDiskInMind } from './full-disk.ts';
import { isKnownDown } from './known-down.ts';
import type { Context } from './resource-handler.ts';

/** A server that was just started answers its port a moment before it takes sessions. */
const PATIENCE_MS = 15_000;
const DELETE_PATIENCE_MS = 2000;

/**
 * Shared catalogues cannot be changed by two sessions at once ("tuple concurrently updated"): changes
 * of one server go one after the other.
 */
const queues = new Map<number, Promise<unknown>>();

/** Runs a change as superuser, after those that were asked for before. */
export function changeServer<T>(
  context: Context,
  server: PostgresServer,
  database: string | undefined,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const options = { ...optionsOf(context, server, database), patienceMs: PATIENCE_MS };
  return queued(server, () =>
    withDiskInMind(context.folders, [server], () => withAdmin(options, work)),
  );
}

/**
 * Looks as superuser; of a server that is known to be down `otherwise` says what is assumed, and of one
 * that should answer and does not, too, with a warning.
 */
export async function lookAtServer<T>(
  context: Context,
  server: PostgresServer,
  database: string | undefined,
  what: string,
  work: (client: pg.Client) => Promise<T>,
  otherwise: T,
): Promise<T> {
  if (await isKnownDown(context.folders, server)) return otherwise;
  try {
    return await withAdmin(optionsOf(context, server, database), work);
  } catch (thrown) {
    if (isUnreachable(thrown)) {
      context.warn(`${what} is taken as last known: ${(thrown as CodedError).message}`);
      return otherwise;
    }
    throw thrown;
  }
}

/**
 * Removes something as superuser. When nobody answers there is nothing that could be removed now, and
 * what stays goes with the server's data folder: that is a warning, so that a broken zone can be destroyed.
 */
export async function deleteFromServer(
  context: Context,
  server: PostgresServer,
  database: string | undefined,
  what: string,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const options = { ...optionsOf(context, server, database), patienceMs: DELETE_PATIENCE_MS };
  try {
    await queued(server, () => withAdmin(options, work));
  } catch (thrown) {
    if (thrown instanceof CodedError && thrown.code === 'POSTGRES_DATABASE_MISSING') {
      return;
    }
    if (!isUnreachable(thrown)) {
      throw thrown;
    }
    context.warn(`${what} is left where it is: ${(thrown as CodedError).message}`);
  }
}

function optionsOf({ folders, signal }: Context, server: PostgresServer, database?: string) {
  return { folders, signal, server, ...(database === undefined ? {} : { database }) };
}

async function queued<T>(server: PostgresServer, work: () => Promise<T>): Promise<T> {
  const before = queues.get(server.port) ?? Promise.resolve();
  const mine = before.then(work, work);
  queues.set(server.port, mine);
  return mine;
}
