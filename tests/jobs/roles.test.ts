import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { awsNouns } from '@meridian/components/aws/aws-nouns.ts';
import type * as k8s from '@meridian/components/kubernetes/k8s.ts';
import { lowerPods } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { landed } from '@meridian/components/model/landed.ts';
import { migrationDigests } from '@meridian/components/service/source-digest.ts';
import type { MigrateOrder } from '@meridian/jobs/migrate/migrate-order.ts';
import { migrate } from '@meridian/jobs/migrate/migrate.ts';
import type { RolesOrder } from '@meridian/jobs/roles/roles-order.ts';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import { Client } from 'pg';
import { platform } from '../../infra/platform-graph.ts';
import { prodSettings } from '../../stacks/prod.ts';
import type { ThrowAwayPostgres } from '../engines/postgres.ts';
import { startPostgres } from '../engines/postgres.ts';
import { runProgram } from './job-process.ts';
import { objects } from './operated-postgres.ts';
import { SecretsManagerStandIn } from './secrets-manager-stand-in.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const settings = prodSettings({
  'aws:region': 'us-east-1',
  'aws:allowedAccountIds': '["111122223333"]',
});
const graph = landed(platform(settings));
const migrations = migrationDigests(root, graph);
const { postgres: part } = lowerPods(
  { graph, settings, version: '0.0.0', migrations },
  awsNouns(settings),
);

const OWNER_SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!cluster-1';
const OWNER = { username: 'postgres_owner', password: 'Of0theOwner' } as const;

/** What the Jobs of a program are told. */
function ordersOf(program: string): readonly unknown[] {
  return (objects(part, 'Job') as readonly k8s.Job[]).flatMap(({ metadata, spec }) =>
    metadata.labels?.['app.kubernetes.io/name'] === program
      ? [JSON.parse(spec.template.spec?.containers[0]?.args?.[0] ?? '') as unknown]
      : [],
  );
}

describe('the Job that makes roles at a server that AWS manages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-roles-'));
  let authority: TestAuthority;
  let server: ThrowAwayPostgres;
  let secrets: SecretsManagerStandIn;

  beforeAll(async () => {
    authority = await TestAuthority.create();
    const tls = await authority.issue({ addresses: ['127.0.0.1'] });
    // As RDS has it: a password from anywhere, over TLS alone, and none of whoever comes by IAM, of which there is none here.
    const rules = ['+rds_iam 127.0.0.1/32 reject', 'all 127.0.0.1/32 scram-sha-256'].map(
      (rule) => `hostssl all ${rule}`,
    );
    server = await startPostgres({ tls, access: { rules, maps: [] } });
    secrets = await SecretsManagerStandIn.start({ [OWNER_SECRET]: JSON.stringify(OWNER) });
    await asSuperuser((client) =>
      // As rds_superuser is: it may make roles and databases and give out pg_monitor and rds_iam, and is not a superuser.
      client.query(`CREATE ROLE ${OWNER.username} LOGIN CREATEROLE CREATEDB PASSWORD '${OWNER.password}';
        CREATE ROLE rds_iam;
        GRANT pg_monitor TO ${OWNER.username} WITH ADMIN OPTION;
        ALTER DATABASE postgres OWNER TO ${OWNER.username}`),
    );
    write('postgres-server/host', '127.0.0.1');
    write('postgres-server/ca.crt', tls.ca);
    write('postgres-server/owner-secret', OWNER_SECRET);
    write('postgres-migrator/host', '127.0.0.1');
    write('postgres-migrator/ca.crt', tls.ca);
    writePasswords(1);
  }, 90_000);

  afterAll(async () => {
    secrets.stop();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  function write(file: string, text: string): void {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  }

  const passwordOf = (role: string, generation = 1): string => `Of0${role}0${generation}`;

  function writePasswords(generation: number): void {
    for (const role of part.passwords.roles) {
      write(`postgres-passwords/${role}`, passwordOf(role, generation));
    }
    write('postgres-migrator/password', passwordOf('migrator', generation));
  }

  const order = (): RolesOrder => {
    const [given] = ordersOf('roles') as readonly RolesOrder[];
    if (given === undefined) throw new Error('No Job makes roles');
    return {
      ...given,
      port: server.port,
      serverFolder: join(folder, given.serverFolder),
      passwordsFolder: join(folder, given.passwordsFolder),
      patienceMs: 5_000,
    };
  };

  const run = () => runProgram('roles', order(), { environment: { ...secrets.environment } });

  async function asSuperuser<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const { socketFolder: host, port, superuser: user } = server;
    return inSession({ host, port, user, database: 'postgres' }, use);
  }

  async function asRole<T>(
    { role, password = passwordOf(role), database }: Session,
    use: (client: Client) => Promise<T>,
  ): Promise<T> {
    const { ca } = await authority.issue({});
    const ssl = { ca, checkServerIdentity: () => undefined };
    const place = { host: '127.0.0.1', port: server.port };
    return inSession({ ...place, user: role, password, database, ssl }, use);
  }

  const whoAmI = (client: Client): Promise<string> =>
    client
      .query<{ role: string }>('SELECT current_user AS role')
      .then(({ rows }) => rows[0]?.role ?? '');

  /** Whether who makes roles may give out those of others, as rds_superuser may: PostgreSQL itself lets him until 15. */
  const givesOutAny = () =>
    asSuperuser(async (client) => {
      const { rows } = await client.query<{ version: number }>(
        "SELECT current_setting('server_version_num')::int AS version",
      );
      return (rows[0]?.version ?? 0) < 160_000;
    });

  test('makes every role and database as its owner, who is not a superuser, and again changes nothing', async () => {
    expect(await run()).toMatchObject({ exitCode: 0, stderr: '' });
    const roles = () =>
      asSuperuser(async (client) => {
        const { rows } = await client.query(
          `SELECT rolname, rolcanlogin, rolinherit, rolsuper OR rolcreatedb OR rolcreaterole AS may, rolconnlimit,
             ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = pg_authid.oid ORDER BY 1) AS groups
             FROM pg_authid WHERE rolname = ANY ($1) ORDER BY rolname`,
          [order().roles.map(({ name }) => name)],
        );
        return rows as readonly unknown[];
      });
    const made = await roles();
    expect(made).toHaveLength(order().roles.length);
    expect(made).toContainEqual({
      ...{ rolname: 'monitor', rolcanlogin: true, rolinherit: true, may: false },
      ...{ rolconnlimit: 3, groups: ['pg_monitor'] },
    });
    expect(made).toContainEqual({
      ...{ rolname: 'onlooker', rolcanlogin: true, rolinherit: true, may: false },
      ...{ rolconnlimit: 3, groups: ['pg_monitor', ...((await givesOutAny()) ? ['rds_iam'] : [])] },
    });
    expect(made).toContainEqual(
      expect.objectContaining({ rolname: 'catalog_owner', rolcanlogin: false, may: false }),
    );
    expect(await run()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await roles()).toEqual(made);
  }, 60_000);

  test('leaves the migrator all that migrations take', async () => {
    for (const given of ordersOf('migrate') as readonly MigrateOrder[]) {
      const migrator = join(folder, 'postgres-migrator');
      const here = { ...given, port: server.port, serverFolder: migrator, patienceMs: 5_000 };
      expect((await migrate(here, root)).length).toBeGreaterThan(0);
    }
  }, 60_000);

  test('lets a service into its own database by its password, and into no other', async () => {
    const catalog = { role: 'catalog', database: 'catalog' };
    expect(await asRole(catalog, whoAmI)).toBe('catalog');
    const refused = { code: '42501' };
    for (const database of ['payments', 'postgres']) {
      await expect(asRole({ ...catalog, database }, whoAmI)).rejects.toMatchObject(refused);
    }
    const change = (client: Client) => client.query('CREATE TABLE other ()');
    await expect(asRole(catalog, change)).rejects.toMatchObject(refused);
    const monitor = { role: 'monitor', database: 'postgres' };
    expect(await asRole(monitor, whoAmI)).toBe('monitor');
  });

  test('lets people look by IAM alone, at what the server says of itself and at no row of a table', async () => {
    const before = await asSuperuser(async (client) => {
      const { rows } = await client.query(
        `SELECT rolpassword, has_database_privilege('onlooker', 'postgres', 'CONNECT') AS own,
           has_database_privilege('onlooker', 'catalog', 'CONNECT') AS other FROM pg_authid WHERE rolname = 'onlooker'`,
      );
      return rows as readonly unknown[];
    });
    expect(before).toEqual([{ rolpassword: null, own: true, other: false }]);
    const { socketFolder: host, port, superuser: user } = server;
    await inSession({ host, port, user, database: 'catalog' }, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE tableowner = 'catalog_owner'",
      );
      expect(rows.length).toBeGreaterThan(0);
      await client.query('SET ROLE onlooker');
      const { rows: sessions } = await client.query<{ query: string | null }>(
        "SELECT query FROM pg_stat_activity WHERE backend_type = 'client backend'",
      );
      expect(sessions.every(({ query }) => query !== '<insufficient privilege>')).toBe(true);
      for (const { name } of rows) {
        await expect(client.query(`SELECT FROM ${name}`)).rejects.toMatchObject({ code: '42501' });
      }
    });
  });

  test('lets nobody in by IAM where its owner would come by no password any more, and says so', async () => {
    const as = (statements: string) => asSuperuser((client) => client.query(statements));
    await as(`REVOKE rds_iam FROM onlooker; GRANT onlooker TO ${OWNER.username}`);
    const { exitCode, stdout } = await run();
    if (!(await givesOutAny())) {
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining('may make nobody a member')]);
      return;
    }
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringContaining('nobody comes as onlooker, as by that membership in rds_iam'),
    ]);
    const members = () =>
      asSuperuser(async (client) => {
        const { rows } = await client.query<{ member: string }>(
          "SELECT member::regrole::text FROM pg_auth_members WHERE roleid = 'rds_iam'::regrole",
        );
        return rows.map(({ member }) => member);
      });
    expect(await members()).toEqual([]);
    await as(`CREATE SCHEMA since_16;
      CREATE VIEW since_16.pg_auth_members AS SELECT *, false AS inherit_option, false AS set_option FROM pg_catalog.pg_auth_members;
      GRANT USAGE ON SCHEMA since_16 TO PUBLIC; GRANT SELECT ON since_16.pg_auth_members TO PUBLIC;
      ALTER ROLE ${OWNER.username} SET search_path = since_16, pg_catalog`);
    // As PostgreSQL 17 tells of a role that its maker may only give out: it counts all the same.
    expect((await run()).stdout).toContain('nobody comes as onlooker, as by that membership');
    expect(await members()).toEqual([]);
    await as(
      `ALTER ROLE ${OWNER.username} RESET search_path; REVOKE onlooker FROM ${OWNER.username}`,
    );
    expect((await run()).stdout).not.toContain('nobody comes');
    expect(await members()).toEqual(['onlooker']);
  }, 60_000);

  test('makes roles and databases where nobody can come by IAM, too, and says so', async () => {
    const as = (statements: string) => asSuperuser((client) => client.query(statements));
    await as('DROP ROLE rds_iam');
    expect(await run()).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(
        'nobody comes as onlooker, as the server has no role rds_iam:',
      ),
    });
    await as('CREATE ROLE rds_iam SUPERUSER');
    expect(await run()).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("as the server's owner may make nobody a member of rds_iam:"),
    });
    await as('ALTER ROLE rds_iam NOSUPERUSER');
  }, 60_000);

  test('gives everybody another password with another generation', async () => {
    writePasswords(2);
    expect(await run()).toMatchObject({ exitCode: 0 });
    const catalog = { role: 'catalog', database: 'catalog' };
    const now = { ...catalog, password: passwordOf('catalog', 2) };
    expect(await asRole(now, whoAmI)).toBe('catalog');
    await expect(asRole(catalog, whoAmI)).rejects.toMatchObject({ code: '28P01' });
  });

  test('says which Secret does not tell who owns the server', async () => {
    write('postgres-server/owner-secret', 'arn:other');
    const { exitCode, stderr } = await run();
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining("POSTGRES_OWNER_UNKNOWN: Secret 'arn:other': must say who owns"),
    ]);
  });
});

interface Session {
  readonly role: string;
  readonly password?: string;
  readonly database: string;
}

async function inSession<T>(
  config: ConstructorParameters<typeof Client>[0] & object,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client(config);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end();
  }
}
