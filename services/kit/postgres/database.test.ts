import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RpcError } from '../rpc/rpc-error.ts';
import { TestAuthority, writeIdentity } from '../testing/authority.ts';
import { eventually } from '../testing/eventually.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { DatabaseWorld } from './testing/database-world.ts';
import { NotesWorld } from './testing/notes-world.ts';

describe('a database', () => {
  let notes: NotesWorld;

  beforeAll(async () => {
    notes = await NotesWorld.create(await DatabaseWorld.createAlone());
  }, 90_000);

  afterAll(() => notes.close());

  test('is reached over TLS 1.3 in the role that the certificate names', async () => {
    const { database, runtime } = await notes.open();
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
    const { database } = await notes.open();
    await database.transaction(async (session) => {
      await session.query(notes.insert('kept'));
    });
    const failing = database.transaction(async (session) => {
      await session.query(notes.insert('dropped'));
      throw new RpcError('NOT_FOUND', 'there is no such thing');
    });
    await expect(failing).rejects.toMatchObject({ status: 'NOT_FOUND' });
    expect(await notes.count(database, 'kept')).toBe(1);
    expect(await notes.count(database, 'dropped')).toBe(0);
  });

  test("hands on a mistake of the statement's own as PostgreSQL has it", async () => {
    const { database } = await notes.open();
    await database.query(notes.insert('twice'));
    await expect(database.query(notes.insert('twice'))).rejects.toMatchObject({ code: '23505' });
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
    const { database } = await notes.open();
    const values = text.includes('$1') ? ['marker-of-a-value'] : [];
    const server = await notes.world.serve({
      echo: async () => {
        await database.transaction((transaction) =>
          transaction.query({ name: code, text, values }),
        );
        return {};
      },
    });
    const { client } = await notes.world.client([server.port]);
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
    const { database } = await notes.open({ statementTimeoutMs: 100 });
    const slow = database.query({ name: 'slow', text: 'SELECT pg_sleep(5)' });
    await expect(slow).rejects.toMatchObject({ status: 'DEADLINE_EXCEEDED' });
    await database.check();
  });

  test('whose connections are all busy leaves the process ready', async () => {
    const { database, runtime } = await notes.open({ connections: 1 });
    runtime.readiness.serving();
    const held = Promise.withResolvers<undefined>();
    const holder = database.transaction(() => held.promise);
    const waiting = Array.from({ length: 20 }, () => notes.count(database, 'kept'));
    expect(await runtime.readiness.report()).toMatchObject({
      status: 'ready',
      checks: { 'database notes-postgres': 'ok' },
    });
    held.resolve(undefined);
    await Promise.all([holder, ...waiting]);
  });

  test('that drops its connections costs UNAVAILABLE at most, and is used again at once', async () => {
    const { database, lines } = await notes.open({ connections: 3 });
    const sleepers = Array.from({ length: 2 }, () =>
      database.query({ name: 'sleep', text: 'SELECT pg_sleep(20)' }),
    );
    // The third one is idle then.
    await notes.count(database, 'kept');
    await eventually(async () => {
      const { rows } = await notes.superuser.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(20)'`,
      );
      expect(rows[0]?.count).toBe(2);
    });
    const results = Promise.allSettled(sleepers);
    await notes.superuser.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'notes'`,
    );
    for (const result of await results) {
      expect(result).toMatchObject({ reason: { status: 'UNAVAILABLE' } });
    }
    await eventually(() => {
      const lost = lines.find(({ message }) => message === 'idle database connection lost');
      // Not with the connection itself, which pg hangs on the error.
      expect(Object.keys(lost?.['err'] ?? {}).sort()).toEqual([
        ...['message', 'stack', 'status', 'type'],
      ]);
    });
    await eventually(() => database.check());
  });

  test('takes a renewed client certificate into use', async () => {
    const { database, folder } = await notes.open({ role: 'stranger' });
    await expect(database.check()).rejects.toMatchObject({
      status: 'UNAVAILABLE',
      cause: { code: '28000' },
    });
    const issued = await notes.world.authority.issue({ commonName: 'notes' });
    writeIdentity(join(folder, 'postgres-tls'), issued);
    await eventually(() => database.check());
  });

  test('whose certificate is for another address, or of another root, is refused', async () => {
    // The server listens on 127.0.0.1 only, and its certificate names that address only.
    const named = await notes.open({ host: 'localhost' });
    await expect(named.database.check()).rejects.toMatchObject({
      status: 'UNAVAILABLE',
      cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
    const other = await TestAuthority.create();
    const { database, folder, runtime } = await notes.open();
    const ours = await notes.world.authority.issue({ commonName: 'notes' });
    const foreign = await other.issue({ commonName: 'notes' });
    writeIdentity(join(folder, 'postgres-tls'), { ...ours, ca: foreign.ca });
    await eventually(async () => {
      const report = await runtime.metrics.registry.metrics();
      expect(report).toContain('tls_certificate_reloads_total{folder="postgres-tls"} 1');
    });
    await notes.superuser.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'notes'`,
    );
    await eventually(() =>
      expect(database.check()).rejects.toMatchObject({ status: 'UNAVAILABLE' }),
    );
  });

  test('that never answered is required, also where something stands in for it', async () => {
    const { runtime } = await notes.open({ role: 'stranger', need: 'degrading' });
    runtime.readiness.serving();
    expect(await runtime.readiness.report()).toMatchObject({ status: 'unready' });
  });

  test('that is gone makes the process unready, not dead, or degrades it', async () => {
    const { runtime, database } = await notes.open();
    await database.check();
    const other = (await notes.open({ need: 'degrading' })).runtime.readiness;
    other.serving();
    expect(await other.report()).toMatchObject({ status: 'ready' });
    await notes.databases.stopServer();
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
    await expect(notes.count(database, 'kept')).rejects.toMatchObject({
      status: 'UNAVAILABLE',
      message: 'the database is unavailable',
    });
  });
});
