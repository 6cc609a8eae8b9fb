import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { runInScope, scopeOf } from '../call-scope.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import type { Database } from './database.ts';
import { DatabaseWorld } from './testing/database-world.ts';
import { NotesWorld } from './testing/notes-world.ts';

describe('statements on the connections of a pool', () => {
  let notes: NotesWorld;

  beforeAll(async () => {
    notes = await NotesWorld.create(await DatabaseWorld.create());
  }, 90_000);

  afterAll(() => notes.close());

  /** The process of the server that a pool of one connection leads to. */
  const backend = async (database: Database): Promise<number> => {
    const [row] = await database.query<{ pid: number }>({
      name: 'backend',
      text: 'SELECT pg_backend_pid() AS pid',
    });
    return row?.pid ?? 0;
  };

  describe('a transaction', () => {
    test('keeps its connection when it failed for a reason of its own', async () => {
      const { database } = await notes.open({ connections: 1 });
      const before = await backend(database);
      for (const status of ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'NOT_FOUND'] as const) {
        const failing = database.transaction(async (session) => {
          await session.query(notes.insert('dropped'));
          throw new RpcError(status, 'said by another service');
        });
        await expect(failing).rejects.toMatchObject({ message: 'said by another service' });
      }
      expect(await backend(database)).toBe(before);
      expect(await notes.count(database, 'dropped')).toBe(0);
    });

    test('tells why it was rolled back, also when it cannot be', async () => {
      const { database } = await notes.open({ connections: 1 });
      const before = await backend(database);
      const failing = database.transaction(async () => {
        await notes.superuser.query('SELECT pg_terminate_backend($1, 5000)', [before]);
        throw new RpcError('NOT_FOUND', 'there is no such thing');
      });
      await expect(failing).rejects.toMatchObject({ status: 'NOT_FOUND' });
      expect(await backend(database)).not.toBe(before);
    });

    test('is not begun for a caller who left while a connection was got ready for it', async () => {
      const { database } = await notes.open();
      const caller = new AbortController();
      const scope = scopeOf({ timeoutMs: 30_000, signal: caller.signal });
      const given = runInScope(scope, () =>
        database.transaction((session) => session.query(notes.insert('given up'))),
      );
      caller.abort();
      await expect(given).rejects.toMatchObject({ status: 'CANCELLED' });
      expect(await notes.count(database, 'given up')).toBe(0);
    });

    test('that took no notice of a failed statement is not a success', async () => {
      const { database } = await notes.open();
      const careless = database.transaction(async (session) => {
        await session.query(notes.insert('careless'));
        await session.query({ name: 'broken', text: 'SELECT 1 / 0' }).catch(() => undefined);
      });
      await expect(careless).rejects.toThrow('was to be committed, got ROLLBACK');
      expect(await notes.count(database, 'careless')).toBe(0);
    });

    test('that was committed is one, whatever becomes of those who are told', async () => {
      const { database, runtime } = await notes.open();
      const told: string[] = [];
      const done = database.transaction((session) => {
        session.onCommit(() => {
          throw new Error('nobody expected that');
        });
        session.onCommit(() => void told.push('told'));
        return session.query(notes.insert('committed'));
      });
      await expect(done).resolves.toEqual([]);
      expect(told).toEqual(['told']);
      expect(await runtime.metrics.registry.metrics()).toContain(
        'background_failures_total{task="after a commit"} 1',
      );
    });
  });

  describe('in trouble', () => {
    const admin = (text: string) => notes.superuser.query(text);

    afterEach(() =>
      admin(`ALTER ROLE ${notes.role} RESET ALL; ALTER ROLE ${notes.role} CONNECTION LIMIT -1`),
    );

    let statements = 0;

    /** Runs statements and gives the error that their caller meets. */
    const met = async (database: Database, ...texts: string[]): Promise<unknown> =>
      database
        .transaction(async (session) => {
          for (const text of texts) await session.query({ name: `met_${++statements}`, text });
        })
        .catch((error: unknown) => error);

    test('of a full disk is unavailable, and keeps the connection', async () => {
      const { database } = await notes.open({ connections: 1 });
      await admin(
        `CREATE TABLE full_disk (text text); GRANT ALL ON full_disk TO ${notes.role}; CHECKPOINT`,
      );
      const { rows } = await notes.superuser.query<{ path: string }>(
        `SELECT pg_relation_filepath('full_disk') AS path`,
      );
      const file = join(notes.databases.server.socketFolder, 'data', rows[0]?.path ?? '');
      rmSync(file);
      // Every write to it fails as on a disk without space.
      symlinkSync('/dev/full', file);
      const before = await backend(database);
      expect(await met(database, `INSERT INTO full_disk VALUES ('a')`)).toMatchObject({
        status: 'UNAVAILABLE',
        message: 'the database is unavailable',
        cause: { code: '53100' },
      });
      expect(await backend(database)).toBe(before);
      rmSync(file);
      writeFileSync(file, '');
      await admin('DROP TABLE full_disk');
    });

    test('of too large temporary files is unavailable', async () => {
      await admin(`ALTER ROLE ${notes.role} SET temp_file_limit = '64kB'`);
      await admin(`ALTER ROLE ${notes.role} SET work_mem = '64kB'`);
      const { database } = await notes.open();
      const sort = 'SELECT count(*) FROM (SELECT FROM generate_series(1, 99999) g ORDER BY g) s';
      expect(await met(database, sort)).toMatchObject({
        status: 'UNAVAILABLE',
        cause: { code: '53400' },
      });
    });

    test('of too many connections is overloaded', async () => {
      await admin(`ALTER ROLE ${notes.role} CONNECTION LIMIT 0`);
      const { database } = await notes.open();
      expect(await met(database, 'SELECT 1')).toMatchObject({
        status: 'UNAVAILABLE',
        message: 'the database is overloaded',
        cause: { code: '53300' },
      });
    });

    test('as a standby is unavailable, and another connection is made', async () => {
      const { database } = await notes.open({ connections: 1 });
      const before = await backend(database);
      const statements = ['SET TRANSACTION READ ONLY', `INSERT INTO notes VALUES ('standby')`];
      expect(await met(database, ...statements)).toMatchObject({
        status: 'UNAVAILABLE',
        cause: { code: '25006' },
      });
      expect(await backend(database)).not.toBe(before);
    });

    test('of a lock that another holds, or a deadlock, can be tried again', async () => {
      await admin(`ALTER ROLE ${notes.role} SET deadlock_timeout = '10ms'`);
      const { database } = await notes.open();
      await database.query(notes.insert('left'));
      await database.query(notes.insert('right'));
      const lock = (text: string, mode = '') => ({
        name: `lock ${text} ${mode}`,
        text: `SELECT 1 FROM notes WHERE text = '${text}' FOR UPDATE ${mode}`,
      });
      const both = Promise.withResolvers<undefined>();
      let holding = 0;
      const lockInOrder = (first: string, second: string) =>
        database
          .transaction(async (session) => {
            await session.query(lock(first));
            holding += 1;
            if (holding === 2) both.resolve(undefined);
            await both.promise;
            if (first === 'left') {
              const error = await met(database, lock('right', 'NOWAIT').text);
              expect(error).toMatchObject({ status: 'ABORTED', cause: { code: '55P03' } });
            }
            await session.query(lock(second));
          })
          .catch((error: unknown) => error);
      const ends = [lockInOrder('left', 'right'), lockInOrder('right', 'left')];
      const failures = (await Promise.all(ends)).filter((error) => error !== undefined);
      expect(failures).toMatchObject([{ status: 'ABORTED', cause: { code: '40P01' } }]);
    });

    test('that was dropped is unavailable', async () => {
      await notes.createDatabase('dropped');
      const { database } = await notes.open({ name: 'dropped', connections: 1 });
      const held = Promise.withResolvers<undefined>();
      const lost = database
        .transaction(async (session) => {
          await held.promise;
          await session.query({ name: 'late', text: 'SELECT 1' });
        })
        .catch((error: unknown) => error);
      await database.check();
      await admin(`DROP DATABASE ${notes.databases.nameOf('dropped')} WITH (FORCE)`);
      held.resolve(undefined);
      expect(await lost).toMatchObject({ status: 'UNAVAILABLE' });
      expect(await met(database, 'SELECT 1')).toMatchObject({
        status: 'UNAVAILABLE',
        cause: { code: '3D000' },
      });
    });
  });
});
