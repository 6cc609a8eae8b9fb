import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
    options: DatabaseOptions & { readonly role?: string; readonly host?: string } = {},
  ): Promise<TestProcess & { readonly database: Database }> {
    const folder = await world.prepare('notes');
    const binding = join(folder, 'bindings/notes-postgres');
    mkdirSync(binding);
    const properties = {
      type: 'postgresql',
      host: options.host ?? '127.0.0.1',
      port: String(postgres.port),
      database: 'notes',
      username: 'notes',
      sslmode: 'verify-full',
      'tls-folder': 'postgres-tls',
    };
    for (const [key, value] of Object.entries(properties)) writeFileSync(join(binding, key), value);
    const issued = await world.authority.issue({ commonName: options.role ?? 'notes' });
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

  test('that drops its connections costs UNAVAILABLE at most, and is used again at once', async () => {
    const { database, lines } = await open({ maxConnections: 3 });
    const sleepers = Array.from({ length: 2 }, () =>
      database.query({ name: 'sleep', text: 'SELECT pg_sleep(20)' }),
    );
    await database.check();
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

  test('that is gone makes the process unready, not dead', async () => {
    const { runtime, database } = await open();
    await database.check();
    await postgres.stop();
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
