import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { postgresDatabaseHandler } from '@meridian/provider-local/provider/postgres-database.ts';
import { postgresRoleHandler } from '@meridian/provider-local/provider/postgres-role.ts';
import { postgresSchemaHandler } from '@meridian/provider-local/provider/postgres-schema.ts';
import type { Context } from '@meridian/provider-local/provider/resource-handler.ts';
import { Rollouts } from '@meridian/provider-local/provider/rollouts.ts';
import { sharedPostgres } from './shared-engines.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { withAdmin } from '@meridian/provider-local/postgres/admin-connection.ts';
import type { PostgresServer } from '@meridian/provider-local/postgres/identifiers.ts';

const TABLE =
  'CREATE TABLE products (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);\n';

describe('databases, roles and schemas', () => {
  const root = mkdtempSync(join(tmpdir(), 'meridian-postgres-'));
  let postgres: { readonly folders: Folders; readonly server: PostgresServer };
  let context: Context;
  const warnings: string[] = [];

  beforeAll(async () => {
    const { socketFolder, port } = await sharedPostgres();
    postgres = {
      folders: { state: root, data: root, runtime: socketFolder, cache: root, program: root },
      server: { zone: 'a', process: 'postgres', port },
    };
    context = {
      folders: postgres.folders,
      signal: new AbortController().signal,
      status: () => undefined,
      warn: (message) => warnings.push(message),
      rollouts: new Rollouts(),
    };
  }, 60_000);

  afterAll(() => rmSync(root, { recursive: true }));

  beforeEach(() => {
    warnings.length = 0;
    rmSync(join(postgres.folders.program, 'migrations'), { recursive: true, force: true });
    mkdirSync(join(postgres.folders.program, 'migrations'));
  });

  const migration = (name: string, sql: string) =>
    writeFileSync(join(postgres.folders.program, 'migrations', name), sql);

  const inputsOf = (database: string) => {
    const { server } = postgres;
    return {
      owner: {
        server,
        name: `${database}_owner`,
        kind: 'owner',
        connectionLimit: 50,
        state: 'intact',
      },
      service: {
        server,
        name: `${database}_app`,
        kind: 'service',
        connectionLimit: 7,
        state: 'intact',
      },
      database: { server, name: database, owner: `${database}_owner` },
      schema: {
        server,
        database,
        owner: `${database}_owner`,
        folder: 'migrations',
        digest: '1',
        serviceRoles: [`${database}_app`],
        appendOnly: [],
      },
    } as const;
  };

  async function make(database: string, appendOnly: string[] = []) {
    const inputs = inputsOf(database);
    await postgresRoleHandler.create(inputs.owner, context);
    await postgresRoleHandler.create(inputs.service, context);
    await postgresDatabaseHandler.create(inputs.database, context);
    const schema = { ...inputs.schema, serviceRoles: [...inputs.schema.serviceRoles], appendOnly };
    const { outputs } = await postgresSchemaHandler.create(schema, context);
    return { ...inputs, schema, outputs };
  }

  const admin = (database: string, sql: string) =>
    withAdmin({ ...postgres, database }, async (client) => {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    });

  async function as(role: string, database: string, sql: string) {
    const { folders, server } = postgres;
    const client = new pg.Client({
      host: folders.runtime,
      port: server.port,
      user: role,
      database,
    });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  test('a service role reads and writes rows, also of tables of later migrations, and nothing else', async () => {
    migration('0001_products.sql', TABLE);
    const { schema } = await make('grants');
    migration('0002_brands.sql', 'CREATE TABLE brands (id int);\n');
    const again = await postgresSchemaHandler.update(schema, { ...schema, digest: '2' }, context);
    expect(again['migrations']).toEqual(['0001_products', '0002_brands']);
    await as('grants_app', 'grants', "INSERT INTO products (name) VALUES ('tea')");
    expect(await as('grants_app', 'grants', 'SELECT name FROM products')).toEqual([
      { name: 'tea' },
    ]);
    await as('grants_app', 'grants', 'INSERT INTO brands VALUES (1)');
    await expect(as('grants_app', 'grants', 'CREATE TABLE mine (id int)')).rejects.toThrow(
      'denied',
    );
    await expect(as('grants_app', 'grants', 'TRUNCATE products')).rejects.toThrow('denied');
    await expect(as('grants_app', 'grants', 'ALTER TABLE products ADD x int')).rejects.toThrow(
      'owner',
    );
    const record = 'DELETE FROM meridian_migrations.migrations';
    await expect(as('grants_app', 'grants', record)).rejects.toThrow('denied');
  });

  test('a table that only grows takes rows, and the role of its service neither changes nor deletes any', async () => {
    migration('0001_products.sql', TABLE);
    migration('0002_sales.sql', 'CREATE TABLE sales (id int, name text);\n');
    const { schema, outputs } = await make('grows', ['sales']);
    const app = (sql: string) => as('grows_app', 'grows', sql);
    await app("INSERT INTO sales VALUES (1, 'tea')");
    const changes = ["UPDATE sales SET name = 'gin'", 'DELETE FROM sales', 'TRUNCATE sales'];
    for (const change of changes) await expect(app(change)).rejects.toThrow('permission denied');
    await app("INSERT INTO products (name) VALUES ('tea')");
    await app('DELETE FROM products');

    for (const more of ['UPDATE', 'TRUNCATE']) {
      await admin('grows', `GRANT ${more} ON sales TO grows_app`);
      const found = await postgresSchemaHandler.read(schema, outputs, context);
      expect([more, found?.['serviceRoles']]).toEqual([more, []]);
      await postgresSchemaHandler.update(schema, schema, context);
      expect(await postgresSchemaHandler.read(schema, outputs, context)).toEqual(outputs);
    }
    // Until the grants are applied nothing is known of a new table but that it may be one that only grows.
    await admin('grows', 'SET ROLE grows_owner; CREATE TABLE later (id int)');
    await app('INSERT INTO later VALUES (1)');
    await expect(app('DELETE FROM later')).rejects.toThrow('permission denied');

    const wrong = { ...schema, appendOnly: ['sale'] };
    await expect(postgresSchemaHandler.update(schema, wrong, context)).rejects.toThrow(
      /Database 'grows': appendOnly .* got 'sale'/,
    );
    await postgresSchemaHandler.update(schema, { ...schema, appendOnly: [] }, context);
    await app('DELETE FROM sales');
  });

  test('a service role has time limits and a limit of connections; an owner cannot log in', async () => {
    migration('0001_products.sql', TABLE);
    await make('limits');
    expect(await as('limits_app', 'limits', 'SHOW statement_timeout')).toEqual([
      { statement_timeout: '5s' },
    ]);
    const idle = 'SHOW idle_in_transaction_session_timeout';
    expect(await as('limits_app', 'limits', idle)).toEqual([
      { idle_in_transaction_session_timeout: '10s' },
    ]);
    const [role] = await admin('postgres', "SELECT * FROM pg_roles WHERE rolname = 'limits_app'");
    expect(role).toMatchObject({ rolconnlimit: 7, rolsuper: false });
    await expect(as('limits_owner', 'limits', 'SELECT 1')).rejects.toThrow(
      'not permitted to log in',
    );
  });

  test('a role of one database cannot enter another', async () => {
    migration('0001_products.sql', TABLE);
    await make('first');
    await make('second');
    await expect(as('first_app', 'second', 'SELECT 1')).rejects.toThrow('permission denied');
  });

  test('what was altered by hand shows as drift, and an update fixes it', async () => {
    migration('0001_products.sql', TABLE);
    const { service, database, schema, outputs } = await make('drift');
    await admin('postgres', 'ALTER ROLE drift_app CREATEDB');
    await admin('postgres', 'GRANT CONNECT ON DATABASE drift TO PUBLIC');
    await admin('drift', 'REVOKE UPDATE ON products FROM drift_app');
    const role = await postgresRoleHandler.read(service, service, context);
    expect(role).toMatchObject({ state: 'altered' });
    const found = await postgresDatabaseHandler.read(database, database, context);
    expect(found).toMatchObject({ owner: 'everybody' });
    const tables = await postgresSchemaHandler.read(schema, outputs, context);
    expect(tables).toMatchObject({ serviceRoles: [], digest: '1' });

    await postgresRoleHandler.update(service, service, context);
    await postgresDatabaseHandler.update(database, database, context);
    await postgresSchemaHandler.update(schema, schema, context);
    expect(await postgresRoleHandler.read(service, service, context)).toEqual(service);
    expect(await postgresDatabaseHandler.read(database, database, context)).toEqual(database);
    expect(await postgresSchemaHandler.read(schema, outputs, context)).toEqual(outputs);
  });

  test('migrations that fail are told by their file and leave nothing of the run', async () => {
    migration('0001_products.sql', TABLE);
    const { schema } = await make('failing');
    migration('0002_good.sql', 'CREATE TABLE good (id int);\n');
    migration('0003_bad.sql', 'CREATE TABLE bad (id nonsense);\n');
    const run = postgresSchemaHandler.update(schema, schema, context);
    await expect(run).rejects.toThrow(/0003_bad\.sql: type "nonsense" does not exist/);
    await expect(run).rejects.toMatchObject({ code: 'POSTGRES_MIGRATION_FAILED' });
    expect(await admin('failing', "SELECT to_regclass('good') AS good")).toEqual([{ good: null }]);
    migration('0003_bad.sql', 'CREATE TABLE bad (id int);\n');
    const { migrations } = await postgresSchemaHandler.update(schema, schema, context);
    expect(migrations).toEqual(['0001_products', '0002_good', '0003_bad']);
  });

  test('a migration between those that have run, or an empty folder, is refused', async () => {
    migration('0001_products.sql', TABLE);
    migration('0003_brands.sql', 'CREATE TABLE brands (id int);\n');
    const { schema } = await make('ordered');
    migration('0002_between.sql', 'CREATE TABLE between_them (id int);\n');
    const run = postgresSchemaHandler.update(schema, schema, context);
    await expect(run).rejects.toMatchObject({ code: 'POSTGRES_MIGRATION_FAILED' });
    const elsewhere = postgresSchemaHandler.update(schema, { ...schema, folder: 'none' }, context);
    await expect(elsewhere).rejects.toMatchObject({ code: 'POSTGRES_MIGRATIONS_MISSING' });
  });

  test('migrations run as the owner, who is not a superuser', async () => {
    migration('0001_escape.sql', "SELECT pg_read_file('PG_VERSION');\n");
    const run = make('escape');
    await expect(run).rejects.toThrow('permission denied');
  });

  test('names are quoted, and a role with a strange name is not made into SQL', async () => {
    const name = 'x"; DROP ROLE postgres; --';
    expect(postgresRoleHandler.inputs.safeParse({ ...inputsOf('a').owner, name }).success).toBe(
      false,
    );
    // Even past validation it is a name and nothing more.
    await postgresRoleHandler.create({ ...inputsOf('a').owner, name }, context);
    await postgresRoleHandler.delete({ server: postgres.server, name, kind: 'owner' }, context);
  });

  test('everything is deleted in any order, twice, and a role that owns data is kept', async () => {
    migration('0001_products.sql', TABLE);
    const { owner, service, database, schema } = await make('gone');
    await expect(postgresRoleHandler.delete(owner, context)).rejects.toMatchObject({
      code: 'POSTGRES_ROLE_IN_USE',
    });
    for (const time of ['first', 'second']) {
      await postgresRoleHandler.delete(service, context);
      await postgresSchemaHandler.delete(schema, context);
      await postgresDatabaseHandler.delete(database, context);
      await postgresRoleHandler.delete(owner, context);
      expect([time, await postgresDatabaseHandler.read(database, database, context)]).toEqual([
        time,
        undefined,
      ]);
      expect(await postgresRoleHandler.read(owner, owner, context)).toBeUndefined();
      expect(await postgresSchemaHandler.read(schema, schema, context)).toBeUndefined();
    }
    expect(warnings).toEqual([]);
  });

  test('with the server dead, a read keeps what is known, a delete succeeds, both with a warning', async () => {
    const { database, schema } = inputsOf('away');
    const server = { ...postgres.server, port: 1024 };
    const dead = { ...database, server };
    expect(await postgresDatabaseHandler.read(dead, dead, context)).toEqual(dead);
    await postgresDatabaseHandler.delete(dead, context);
    const roles = { ...schema, server, serviceRoles: [...schema.serviceRoles], appendOnly: [] };
    expect(await postgresSchemaHandler.read(roles, roles, context)).toEqual(roles);
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toContain("Database 'away' of PostgreSQL 'postgres' in zone a (port 1024)");
  });

  test('a wait for a server ends when the user stops the operation', async () => {
    const stop = new AbortController();
    const { owner } = inputsOf('stopped');
    const server = { ...postgres.server, port: 1024 };
    const create = postgresRoleHandler.create(
      { ...owner, server },
      { ...context, signal: stop.signal },
    );
    stop.abort();
    await expect(create).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  const failing = (sql: string) =>
    withAdmin({ folders: postgres.folders, server: postgres.server }, (client) =>
      client.query(sql),
    );

  test('a server whose disk is full says so with its data folder and the room there', async () => {
    await expect(failing("COPY (SELECT 1) TO '/dev/full'")).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(
        new RegExp(
          `^Folder of '${postgres.folders.data}/a/postgres': its disk is full \\(PostgreSQL 'postgres' in zone a .*No space left on device\\), \\d+ of \\d+ MiB are free`,
        ),
      ),
    });
  });

  test('a server that goes away while it is worked with is told as such', async () => {
    await expect(failing('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({
      code: 'POSTGRES_UNREACHABLE',
    });
  });

  test.each(['53200', '58030', '25006', 'XX001'])(
    'a server that cannot work (%s) is told as such, with its log',
    async (state) => {
      const raise = `DO $$ BEGIN RAISE 'out of order' USING ERRCODE = '${state}'; END $$`;
      await expect(failing(raise)).rejects.toMatchObject({
        code: 'POSTGRES_REFUSED',
        message: expect.stringContaining("out of order; 'npm run logs -- postgres' tells more"),
      });
    },
  );

  test('a statement of ours that is wrong stays a defect', async () => {
    await expect(failing('SELEC')).rejects.toMatchObject({ code: '42601' });
  });
});
