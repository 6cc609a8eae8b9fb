import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Pool } from 'pg';
import { startPostgres } from '../../../tests/engines/postgres.ts';
import type { ThrowAwayPostgres } from '../../../tests/engines/postgres.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import { TestAuthority, writeIdentity } from '../testing/authority.ts';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { TestWorld } from '../testing/world.ts';
import type { TestProcess } from '../testing/world.ts';
import { openDatabase } from './database.ts';
import type { Database, DatabaseOptions } from './database.ts';

describe('a database', () => {
  let world: TestWorld;
  let postgres: ThrowAwayPostgres;
  let superuser: Pool;
  const migrations = mkdtempSync(join(tmpdir(), 'meridian-migrations-'));

  beforeAll(async () => {
    world = await TestWorld.create();
    postgres = await startPostgres({
      tls: await world.authority.issue({ addresses: ['127.0.0.1'] }),
    });
    writeFileSync(
      join(migrations, '1_notes.sql'),
      `CREATE TABLE notes (text text PRIMARY KEY CONSTRAINT short CHECK (char_length(text) < 40));`,
    );
    await postgres.createDatabase('notes', migrations);
    superuser = new Pool({
      host: postgres.socketFolder,
      port: postgres.port,
      user: postgres.superuser,
      database: 'notes',
    });
    superuser.on('error', () => undefined);
  }, 90_000);

  afterAll(async () => {
    await world.close();
    await superuser.end();
    await postgres.stop();
    rmSync(migrations, { recursive: true });
  });

  /** A process with a binding to the server, and a client certificate for a role. */
  async function open(
    options: DatabaseOptions & {
      readonly role?: string;
      readonly host?: string;
      readonly name?: string;
      readonly connections?: number;
    } = {},
  ): Promise<TestProcess & { readonly database: Database }> {
    const { connections: databaseConnections, name = 'notes' } = options;
    const folder = await world.prepare('notes', { databaseConnections });
    const binding = join(folder, 'bindings/notes-postgres');
    mkdirSync(binding);
    const properties = {
      type: 'postgresql',
      host: options.host ?? '127.0.0.1',
      port: String(postgres.port),
      database: name,
      username: name,
      sslmode: 'verify-full',
      'tls-folder': 'postgres-tls',
    };
    for (const [key, value] of Object.entries(properties)) writeFileSync(join(binding, key), value);
    const issued = await world.authority.issue({ commonName: options.role ?? name });
    writeIdentity(join(folder, 'postgres-tls'), issued);
    const process = await world.start(folder);
    return { ...process, database: openDatabase(process.runtime, 'notes-postgres', options) };
  }

  const insert = (text: string) => ({
    name: 'insert_note',
    text: 'INSERT INTO notes VALUES ($1)',
    values: [text],
  });
  const count = async (database: Database, text: string): Promise<number> => {
    const [row] = await database.query<{ count: number }>({
      name: 'count_notes',
      text: 'SELECT count(*)::int AS count FROM notes WHERE text = $1',
      values: [text],
    });
    return row?.count ?? -1;
  };

  test('is reached over TLS 1.3 in the role that the certificate names', async () => {
    const { database, runtime } = await open();
    const rows = await database.query({
      name: 'who_am_i',
      text: `SELECT current_user::text AS role, version AS tls, application_name
             FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE pid = pg_backend_pid()`,
    });
    expect(rows).toEqual([{ role: 'notes', tls: 'TLSv1.3', application_name: 'notes-b-0' }]);
    const metrics = await runtime.metrics.registry.metrics();
    expect(metrics).toContain(
      'db_client_operation_duration_seconds_count{db_system_name="postgresql",db_namespace="notes",db_operation_name="who_am_i",error_type=""} 1',
    );
    expect((await runtime.readiness.report()).checks).toMatchObject({
      'database notes-postgres': 'ok',
      'certificate postgres-tls': 'ok',
    });
  });

  test('commits a transaction that returns, and rolls back one that throws', async () => {
    const { database } = await open();
    await database.transaction(async (session) => {
      await session.query(insert('kept'));
    });
    const failing = database.transaction(async (session) => {
      await session.query(insert('dropped'));
      throw new RpcError('NOT_FOUND', 'there is no such thing');
    });
    await expect(failing).rejects.toMatchObject({ status: 'NOT_FOUND' });
    expect(await count(database, 'kept')).toBe(1);
    expect(await count(database, 'dropped')).toBe(0);
  });

  test("hands on a mistake of the statement's own as PostgreSQL has it", async () => {
    const { database } = await open();
    await database.query(insert('twice'));
    await expect(database.query(insert('twice'))).rejects.toMatchObject({ code: '23505' });
  });

  test.each([
    ['a CHECK that fails', '23514', 'INSERT INTO notes VALUES (repeat($1, 9))'],
    ['a key that is there', '23505', 'INSERT INTO notes VALUES ($1), ($1)'],
    ['a value of another type', '22P02', 'SELECT $1::text::integer'],
    [
      'an error of the server’s state',
      '40001',
      `DO $$ BEGIN RAISE 'busy' USING ERRCODE = '40001', DETAIL = 'marker', HINT = 'marker'; END $$`,
    ],
  ])('tells neither its caller nor the log the values of %s', async (_, code, text) => {
    const { database } = await open();
    const values = text.includes('$1') ? ['marker-of-a-value'] : [];
    const server = await world.serve({
      echo: async () => {
        await database.transaction((transaction) =>
          transaction.query({ name: code, text, values }),
        );
        return {};
      },
    });
    const { client } = await world.client([server.port]);
    const error = await client
      .unary(EchoService.method.echo, {})
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RpcError);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('marker');
    const served = server.lines.find(({ message }) => message === 'call served');
    expect(served).toMatchObject({ err: { type: 'StatementError', code } });
    expect(JSON.stringify(server.lines)).not.toContain('marker');
  });

  test('ends a statement that takes too long with DEADLINE_EXCEEDED', async () => {
    const { database } = await open({ statementTimeoutMs: 100 });
    const slow = database.query({ name: 'slow', text: 'SELECT pg_sleep(5)' });
    await expect(slow).rejects.toMatchObject({ status: 'DEADLINE_EXCEEDED' });
    await database.check();
  });

  test('whose connections are all busy leaves the process ready', async () => {
    const { database, runtime } = await open({ connections: 1 });
    runtime.readiness.serving();
    const held = Promise.withResolvers<undefined>();
    const holder = database.transaction(() => held.promise);
    const waiting = Array.from({ length: 20 }, () => count(database, 'kept'));
    expect(await runtime.readiness.report()).toMatchObject({
      status: 'ready',
      checks: { 'database notes-postgres': 'ok' },
    });
    held.resolve(undefined);
    await Promise.all([holder, ...waiting]);
  });

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
      const { database } = await open({ connections: 1 });
      const before = await backend(database);
      for (const status of ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'NOT_FOUND'] as const) {
        const failing = database.transaction(async (session) => {
          await session.query(insert('dropped'));
          throw new RpcError(status, 'said by another service');
        });
        await expect(failing).rejects.toMatchObject({ message: 'said by another service' });
      }
      expect(await backend(database)).toBe(before);
      expect(await count(database, 'dropped')).toBe(0);
    });

    test('tells why it was rolled back, also when it cannot be', async () => {
      const { database } = await open({ connections: 1 });
      const before = await backend(database);
      const failing = database.transaction(async () => {
        await superuser.query('SELECT pg_terminate_backend($1, 5000)', [before]);
        throw new RpcError('NOT_FOUND', 'there is no such thing');
      });
      await expect(failing).rejects.toMatchObject({ status: 'NOT_FOUND' });
      expect(await backend(database)).not.toBe(before);
    });

    test('that took no notice of a failed statement is no success', async () => {
      const { database } = await open();
      const careless = database.transaction(async (session) => {
        await session.query(insert('careless'));
        await session.query({ name: 'broken', text: 'SELECT 1 / 0' }).catch(() => undefined);
      });
      await expect(careless).rejects.toThrow('was to be committed, got ROLLBACK');
      expect(await count(database, 'careless')).toBe(0);
    });

    test('that was committed is one, whatever becomes of those who are told', async () => {
      const { database, runtime } = await open();
      const told: string[] = [];
      const done = database.transaction((session) => {
        session.onCommit(() => {
          throw new Error('nobody expected that');
        });
        session.onCommit(() => void told.push('told'));
        return session.query(insert('committed'));
      });
      await expect(done).resolves.toEqual([]);
      expect(told).toEqual(['told']);
      expect(await runtime.metrics.registry.metrics()).toContain(
        'background_failures_total{task="after a commit"} 1',
      );
    });
  });

  describe('in trouble', () => {
    const admin = (text: string) => superuser.query(text);

    afterEach(() => admin('ALTER ROLE notes RESET ALL; ALTER ROLE notes CONNECTION LIMIT -1'));

    /** Runs a statement and gives the error that its caller meets. */
    const met = async (database: Database, ...texts: string[]): Promise<unknown> =>
      database
        .transaction(async (session) => {
          for (const text of texts) await session.query({ name: text, text });
        })
        .catch((error: unknown) => error);

    test('of a full disk is unavailable, and keeps the connection', async () => {
      const { database } = await open({ connections: 1 });
      await admin(
        'CREATE TABLE full_disk (text text); GRANT ALL ON full_disk TO notes; CHECKPOINT',
      );
      const { rows } = await superuser.query<{ path: string }>(
        `SELECT pg_relation_filepath('full_disk') AS path`,
      );
      const file = join(postgres.socketFolder, 'data', rows[0]?.path ?? '');
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
      await admin(`ALTER ROLE notes SET temp_file_limit = '64kB'`);
      await admin(`ALTER ROLE notes SET work_mem = '64kB'`);
      const { database } = await open();
      const sort = 'SELECT count(*) FROM (SELECT FROM generate_series(1, 99999) g ORDER BY g) s';
      expect(await met(database, sort)).toMatchObject({
        status: 'UNAVAILABLE',
        cause: { code: '53400' },
      });
    });

    test('of too many connections is overloaded', async () => {
      await admin('ALTER ROLE notes CONNECTION LIMIT 0');
      const { database } = await open();
      expect(await met(database, 'SELECT 1')).toMatchObject({
        status: 'UNAVAILABLE',
        message: 'the database is overloaded',
        cause: { code: '53300' },
      });
    });

    test('as a standby is unavailable, and another connection is made', async () => {
      const { database } = await open({ connections: 1 });
      const before = await backend(database);
      const statements = ['SET TRANSACTION READ ONLY', `INSERT INTO notes VALUES ('standby')`];
      expect(await met(database, ...statements)).toMatchObject({
        status: 'UNAVAILABLE',
        cause: { code: '25006' },
      });
      expect(await backend(database)).not.toBe(before);
    });

    test('of a lock that another holds, or a deadlock, can be tried again', async () => {
      await admin(`ALTER ROLE notes SET deadlock_timeout = '10ms'`);
      const { database } = await open();
      await database.query(insert('left'));
      await database.query(insert('right'));
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
      await postgres.createDatabase('dropped', migrations);
      const { database } = await open({ name: 'dropped', connections: 1 });
      const held = Promise.withResolvers<undefined>();
      const lost = database
        .transaction(async (session) => {
          await held.promise;
          await session.query({ name: 'late', text: 'SELECT 1' });
        })
        .catch((error: unknown) => error);
      await database.check();
      await admin('DROP DATABASE dropped WITH (FORCE)');
      held.resolve(undefined);
      expect(await lost).toMatchObject({ status: 'UNAVAILABLE' });
      expect(await met(database, 'SELECT 1')).toMatchObject({
        status: 'UNAVAILABLE',
        cause: { code: '3D000' },
      });
    });
  });

  test('that drops its connections costs UNAVAILABLE at most, and is used again at once', async () => {
    const { database, lines } = await open({ connections: 3 });
    const sleepers = Array.from({ length: 2 }, () =>
      database.query({ name: 'sleep', text: 'SELECT pg_sleep(20)' }),
    );
    // The third one is idle then.
    await count(database, 'kept');
    await eventually(async () => {
      const { rows } = await superuser.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(20)'`,
      );
      expect(rows[0]?.count).toBe(2);
    });
    const results = Promise.allSettled(sleepers);
    await superuser.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'notes'`,
    );
    for (const result of await results) {
      expect(result).toMatchObject({ reason: { status: 'UNAVAILABLE' } });
    }
    await eventually(() => {
      const lost = lines.find(({ message }) => message === 'idle database connection lost');
      // Not with the connection itself, which pg hangs on the error.
      expect(Object.keys(lost?.['err'] ?? {}).sort()).toEqual([
        ...['message', 'name', 'stack', 'status', 'type'],
      ]);
    });
    await eventually(() => database.check());
  });

  test('takes a renewed client certificate into use', async () => {
    const { database, folder } = await open({ role: 'stranger' });
    await expect(database.check()).rejects.toMatchObject({
      status: 'UNAVAILABLE',
      cause: { code: '28000' },
    });
    const issued = await world.authority.issue({ commonName: 'notes' });
    writeIdentity(join(folder, 'postgres-tls'), issued);
    await eventually(() => database.check());
  });

  test('whose certificate is for another address, or of another root, is refused', async () => {
    // The server listens on 127.0.0.1 only, and its certificate names that address only.
    const named = await open({ host: 'localhost' });
    await expect(named.database.check()).rejects.toMatchObject({
      status: 'UNAVAILABLE',
      cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
    const other = await TestAuthority.create();
    const { database, folder, runtime } = await open();
    const ours = await world.authority.issue({ commonName: 'notes' });
    const foreign = await other.issue({ commonName: 'notes' });
    writeIdentity(join(folder, 'postgres-tls'), { ...ours, ca: foreign.ca });
    await eventually(async () => {
      const report = await runtime.metrics.registry.metrics();
      expect(report).toContain('tls_certificate_reloads_total{folder="postgres-tls"} 1');
    });
    await superuser.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'notes'`,
    );
    await eventually(() =>
      expect(database.check()).rejects.toMatchObject({ status: 'UNAVAILABLE' }),
    );
  });

  test('that never answered is required, also where something stands in for it', async () => {
    const { runtime } = await open({ role: 'stranger', need: 'degrading' });
    runtime.readiness.serving();
    expect(await runtime.readiness.report()).toMatchObject({ status: 'unready' });
  });

  test('that is gone makes the process unready, not dead, or degrades it', async () => {
    const { runtime, database } = await open();
    await database.check();
    const other = (await open({ need: 'degrading' })).runtime.readiness;
    other.serving();
    expect(await other.report()).toMatchObject({ status: 'ready' });
    await postgres.stop();
    await eventually(async () => {
      expect(await other.report()).toMatchObject({
        status: 'degraded',
        checks: { 'database notes-postgres': 'the database is unavailable' },
      });
    });
    await eventually(async () => {
      const report = await runtime.readiness.report();
      expect(report).toMatchObject({
        ready: false,
        checks: { 'database notes-postgres': 'the database is unavailable' },
      });
    });
    await expect(count(database, 'kept')).rejects.toMatchObject({
      status: 'UNAVAILABLE',
      message: 'the database is unavailable',
    });
  });
});
