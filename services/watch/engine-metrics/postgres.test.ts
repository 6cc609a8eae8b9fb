import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MONITORED_DATABASE } from '@meridian/components/observability/engines/monitor.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { writeBinding } from '@meridian/kit/testing/bindings.ts';
import { Way } from '@meridian/kit/testing/way.ts';
import { ensureRole } from '@meridian/provider-local/postgres/roles.ts';
import { Client } from 'pg';
import { startPostgres } from '../../../tests/engines/postgres.ts';
import { sharedPostgres } from '../../../tests/engines/shared-engines.ts';
import { postgresPoll } from './postgres.ts';
import { EngineWorld } from './testing/engine-world.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await EngineWorld.create();
}, 60_000);
afterAll(() => world.close());

const ROLE = 'watch_monitor';
/** Whoever connects with the role from now on is told that it is a standby which it is connected to, as after a fail-over. */
const STANDBY = `CREATE SCHEMA ${ROLE};
  GRANT USAGE ON SCHEMA ${ROLE} TO ${ROLE};
  CREATE FUNCTION ${ROLE}.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true';
  ALTER ROLE ${ROLE} SET search_path = ${ROLE}, pg_catalog`;
const PRIMARY = `ALTER ROLE ${ROLE} RESET search_path; DROP SCHEMA ${ROLE} CASCADE`;
const up = (value: 0 | 1) => `engine_up{engine="postgres",node="postgres"} ${value}`;

/** Asks the server at a port, as the role that watches. */
const ask = (port: number): Promise<void> =>
  world.ask(
    async (folder) => {
      writeBinding(folder, 'postgres', {
        ...{ type: 'postgresql', host: '127.0.0.1', port: String(port) },
        ...{ database: MONITORED_DATABASE, username: ROLE, sslmode: 'verify-full' },
        'tls-folder': 'postgres-tls',
      });
      const issued = await world.kit.authority.issue({ commonName: ROLE });
      writeIdentity(join(folder, 'postgres-tls'), issued);
    },
    (runtime) => postgresPoll(runtime, 'postgres'),
  );

test('says how many sessions it has and admits, and nothing while it hangs or is away', async () => {
  const server = await sharedPostgres();
  const watched = await server.createDatabase('watched', 'services/kit/idempotency/tables');
  const local = { host: server.socketFolder, port: server.port, user: 'postgres' };
  const superuser = new Client({ ...local, database: watched });
  const administrator = new Client({ ...local, database: MONITORED_DATABASE });
  const way = new Way(server.port);
  try {
    await superuser.connect();
    await administrator.connect();
    await ensureRole(superuser, ROLE, { kind: 'monitor', connectionLimit: 3, settings: {} });
    await way.open();
    await ask(way.port);
    await world.told(
      ...[up(1), /^postgres_connections\{state="active"\} [1-9]/, /^postgres_connections_max \d+/],
      ...[/^postgres_locks_waiting \d/, 'postgres_replicas 0'],
      /^postgres_oldest_transaction_age_seconds \d/,
    );
    expect(await world.series()).not.toContainEqual(
      expect.stringMatching(/^postgres_(replication_lag|archive)/),
    );
    // What others do is seen by whom it is for alone.
    await superuser.query('BEGIN');
    await world.told(/^postgres_connections\{state="idle in transaction"\} [1-9]/);
    await superuser.query('ROLLBACK');
    await superuser.query(`SET ROLE ${ROLE}`);
    for (const text of [
      'SELECT FROM idempotency_keys',
      'CREATE TABLE denied (x int)',
      'CREATE ROLE denied',
    ]) {
      await expect(superuser.query(text)).rejects.toThrow('permission denied');
    }
    await administrator.query(STANDBY);
    await world.told(up(0));
    await administrator.query(PRIMARY);
    await world.told(up(1));
    await world.trouble(way, up);
  } finally {
    await way.close();
    await superuser.end();
    await administrator.end();
  }
}, 60_000);

test('says for how long changes have waited for an archive that takes none, and that none waits for one that does', async () => {
  const archived = 'postgres_archive_waiting_age_seconds';
  const server = await startPostgres({
    tls: await world.kit.authority.issue({ addresses: ['127.0.0.1'] }),
    parameters: ['archive_mode=on'],
  });
  const place = { host: server.socketFolder, port: server.port, user: server.superuser };
  const superuser = new Client({ ...place, database: MONITORED_DATABASE });
  try {
    await superuser.connect();
    await ensureRole(superuser, ROLE, { kind: 'monitor', connectionLimit: 3, settings: {} });
    await ask(server.port);
    await world.told(up(1), `${archived} 0`);
    await superuser.query('SELECT pg_switch_wal()');
    await world.told(new RegExp(`^${archived} (?!0$)`));
    await superuser.query("ALTER SYSTEM SET archive_command = 'true'");
    await superuser.query('SELECT pg_reload_conf()');
    await world.told(`${archived} 0`);
  } finally {
    await superuser.end();
    await server.stop();
  }
}, 60_000);
