import { withAdmin } from '@meridian/provider-local/postgres/admin-connection.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type pg from 'pg';
import { PlatformView } from '../platform-view.ts';
import type { StepKind } from './step-kind.ts';

const SERVER = 'postgres';

/** How long a server that has only just been asked to start may take. */
const PATIENCE_MS = 30_000;

/** Statements of the superuser, in one transaction each. */
export const statementStep: StepKind<'statement'> = {
  async apply({ database, apply }, folders) {
    await asSuperuser(folders, database, (client) => client.query(apply));
    return undefined;
  },
  async undo({ database, undo }, folders) {
    await asSuperuser(folders, database, (client) => client.query(undo));
  },
};

/** A transaction that stays open until it is disposed of, or its process ends. */
export const transactionStep: StepKind<'transaction'> = {
  async apply({ database, statement }, folders) {
    const begun = Promise.withResolvers<undefined>();
    const over = Promise.withResolvers<undefined>();
    const session = asSuperuser(folders, database, async (client) => {
      await client.query('BEGIN');
      await client.query(statement);
      begun.resolve(undefined);
      await over.promise;
      await client.query('ROLLBACK');
    });
    await Promise.race([begun.promise, session]);
    return {
      async [Symbol.asyncDispose]() {
        over.resolve(undefined);
        await session;
      },
    };
  },
  // The server rolls back what its client left.
  undo: () => Promise.resolve(),
};

async function asSuperuser<T>(
  folders: Folders,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { zone, process } = (await PlatformView.open(folders)).process(SERVER);
  const server = { zone, process: process.name, port: process.listens[0]?.port ?? 0 };
  return await withAdmin({ folders, server, database, patienceMs: PATIENCE_MS }, work);
}
