import type * as k8s from '@meridian/components/kubernetes/k8s.ts';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { migrationDigests } from '@meridian/components/service/source-digest.ts';
import type { MigrateOrder } from '@meridian/jobs/migrate/migrate-order.ts';
import { migrate } from '@meridian/jobs/migrate/migrate.ts';
import { TestAuthority, writeIdentity } from '@meridian/kit/testing/authority.ts';
import { Client } from 'pg';
import { platform } from '../../infra/platform-graph.ts';
import { stagingSettings } from '../../stacks/staging.ts';
import type { ThrowAwayPostgres } from '../engines/postgres.ts';
import { runProgram } from './job-process.ts';
import { objects, operate, startOperated } from './operated-postgres.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const settings = stagingSettings({});
const graph = landed(platform(settings));
const migrations = migrationDigests(root, graph);
const { postgres: part } = lowerKubernetes({ graph, settings, version: '0.0.0', migrations });

describe('the Job that migrates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-migrate-'));
  let authority: TestAuthority;
  let server: ThrowAwayPostgres;

  beforeAll(async () => {
    authority = await TestAuthority.create();
    server = await startOperated(part, await authority.issue({ addresses: ['127.0.0.1'] }));
    const commonName = 'postgres.migrator';
    writeIdentity(join(folder, 'migrator'), await authority.issue({ commonName }));
  }, 90_000);

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  /** What the Job of a database is told, at the server of this test. */
  const orderFor = (database: string): MigrateOrder => {
    const orders = (objects(part, 'Job') as readonly k8s.Job[]).map(
      ({ spec }) => JSON.parse(spec.template.spec?.containers[0]?.args?.[0] ?? '') as MigrateOrder,
    );
    const order = orders.find((candidate) => candidate.database === database);
    if (order === undefined) throw new Error(`No Job migrates '${database}'`);
    const tlsFolder = join(folder, 'migrator');
    return { ...order, host: '127.0.0.1', port: server.port, tlsFolder, patienceMs: 20_000 };
  };

  /** A session over TLS with a certificate for a common name. */
  async function inSession<T>(
    { user, database, commonName = user }: Session,
    use: (client: Client) => Promise<T>,
  ): Promise<T> {
    const { cert, key, ca } = await authority.issue({ commonName });
    const client = new Client({
      ...{ host: '127.0.0.1', port: server.port, user, database, password: '' },
      ssl: { cert, key, ca, checkServerIdentity: () => undefined },
    });
    try {
      await client.connect();
      return await use(client);
    } finally {
      await client.end();
    }
  }

  test('waits for a database that the operator has yet to make', async () => {
    const done = migrate(orderFor('catalog'), root);
    await operate(part, server);
    expect(await done).toContain('0001_create-products');
  });

  test('waits for a server whose first packets are dropped', async () => {
    let connections = 0;
    const sockets: Socket[] = [];
    const proxy = createServer((socket) => {
      connections += 1;
      sockets.push(socket);
      socket.on('error', () => undefined);
      // Nobody answers, as behind a network policy that is not there yet.
      if (connections === 1) return;
      const behind = connect(server.port, '127.0.0.1').on('error', () => undefined);
      sockets.push(behind);
      socket.pipe(behind).pipe(socket);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const done = migrate({ ...orderFor('catalog'), port, patienceMs: 9_000 }, root);
    expect(await done).toContain('0001_create-products');
    expect(connections).toBe(2);
    sockets.forEach((socket) => socket.destroy());
    proxy.close();
  });

  test('is told at once that the server is another one', async () => {
    const other = await TestAuthority.create();
    const folderOfOther = join(folder, 'other');
    writeIdentity(folderOfOther, await other.issue({ commonName: 'postgres.migrator' }));
    // Longer than this test may take.
    const order = { ...orderFor('catalog'), tlsFolder: folderOfOther, patienceMs: 600_000 };
    await expect(migrate(order, root)).rejects.toMatchObject({
      code: 'POSTGRES_NOT_REACHED',
      cause: { code: 'CERT_SIGNATURE_FAILURE' },
    });
  });

  test('runs the migrations of a service from its image, and changes nothing when run again', async () => {
    const files = readdirSync(join(root, 'services/identity/migrations')).sort();
    const last = files.at(-1)?.replace('.sql', '');
    const first = await runProgram('migrate', orderFor('identity'));
    expect(first).toEqual({
      exitCode: 0,
      stdout: `Database 'identity': ${files.length} migrations have run, the last is ${last}\n`,
      stderr: '',
    });
    expect(await runProgram('migrate', orderFor('identity'))).toEqual(first);
  });

  test('leaves the tables to the owner and their rows to the service', async () => {
    await migrate(orderFor('catalog'), root);
    await inSession({ user: 'catalog', database: 'catalog' }, async (client) => {
      const { rows } = await client.query<{ tableowner: string }>(
        "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'",
      );
      expect(rows).toEqual([{ tableowner: 'catalog_owner' }]);
      expect((await client.query('SELECT FROM products')).rowCount).toBe(0);
      await expect(client.query('CREATE TABLE mine ()')).rejects.toThrow('permission denied');
      await expect(client.query('SET ROLE catalog_owner')).rejects.toThrow('permission denied');
      const { rows: timeouts } = await client.query('SHOW statement_timeout');
      expect(timeouts).toEqual([{ statement_timeout: '5s' }]);
    });
  });

  test('takes the changing of what only grows from now on, and gives it back', async () => {
    const order = orderFor('catalog');
    await migrate({ ...order, appendOnly: ['products'] }, root);
    await inSession({ user: 'catalog', database: 'catalog' }, async (client) => {
      await expect(client.query('DELETE FROM products')).rejects.toThrow('permission denied');
    });
    await migrate(order, root);
    await inSession({ user: 'catalog', database: 'catalog' }, async (client) => {
      await expect(client.query('DELETE FROM products')).resolves.toMatchObject({ rowCount: 0 });
    });
  });

  test('takes the database from a role that it is no longer for', async () => {
    const order = orderFor('catalog');
    await migrate({ ...order, serviceRoles: ['catalog', 'orders'] }, root);
    await migrate(order, root);
    await inSession({ user: 'catalog', database: 'catalog' }, async (client) => {
      const { rows } = await client.query(
        "SELECT has_database_privilege('orders', 'catalog', 'CONNECT') AS may",
      );
      expect(rows).toEqual([{ may: false }]);
    });
  });

  test.each([
    ['a service from the database of another', { user: 'identity', database: 'catalog' }],
    ['a name that is not the role', { user: 'catalog', database: 'catalog', commonName: 'orders' }],
    [
      'a service that is called as the migrator',
      { user: 'migrator', database: 'catalog', commonName: 'migrator' },
    ],
    ['the superuser', { user: 'postgres', database: 'postgres' }],
  ])('is beside rules that refuse %s', async (_who, session) => {
    await expect(inSession(session, () => Promise.resolve('in'))).rejects.toMatchObject({
      code: '28000',
    });
  });

  test('refuses a migration that was changed after it had run', async () => {
    const program = join(folder, 'program');
    const own = {
      ...orderFor('catalog'),
      ...{ database: 'payments', owner: 'payments_owner', serviceRoles: ['payments'] },
      migrations: 'sql',
    };
    mkdirSync(join(program, 'sql'), { recursive: true });
    writeFileSync(join(program, 'sql', '1_refunds.sql'), 'CREATE TABLE refunds (id int);\n');
    await migrate(own, program);
    writeFileSync(join(program, 'sql', '1_refunds.sql'), 'CREATE TABLE refunds (id bigint);\n');
    await expect(migrate(own, program)).rejects.toMatchObject({
      code: 'POSTGRES_MIGRATION_CHANGED',
    });
  });

  test('says who was not let in, and fails', async () => {
    const order = { ...orderFor('catalog'), role: 'catalog_owner', patienceMs: 0 };
    const { exitCode, stderr } = await runProgram('migrate', order);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^POSTGRES_NOT_REACHED: Database 'catalog' at 127\.0\.0\.1:\d+: does not let role 'catalog_owner' in/,
    );
  });
});

interface Session {
  readonly user: string;
  readonly database: string;
  /** @default the user */
  readonly commonName?: string;
}
