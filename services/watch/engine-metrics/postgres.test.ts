import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { writeBinding } from '@meridian/kit/testing/bindings.ts';
import { Way } from '@meridian/kit/testing/way.ts';
import { Pool } from 'pg';
import { sharedPostgres } from '../../../tests/engines/shared-engines.ts';
import { postgresPoll } from './postgres.ts';
import { EngineWorld } from './testing/engine-world.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await EngineWorld.create();
}, 60_000);
afterAll(() => world.close());

const up = (value: 0 | 1) => `engine_up{engine="postgres",node="postgres"} ${value}`;

test('says how many sessions it has and admits, and nothing while it hangs or is away', async () => {
  const server = await sharedPostgres();
  const role = await server.createDatabase('watched', 'services/kit/idempotency/tables');
  const superuser = new Pool({
    ...{ host: server.socketFolder, port: server.port, user: 'postgres', database: role },
  });
  const way = new Way(server.port);
  try {
    await superuser.query(`GRANT pg_monitor TO "${role}"`);
    await way.open();
    await world.ask(
      async (folder) => {
        writeBinding(folder, 'postgres', {
          ...{ type: 'postgresql', host: '127.0.0.1', port: String(way.port) },
          ...{ database: role, username: role, sslmode: 'verify-full' },
          'tls-folder': 'postgres-tls',
        });
        const issued = await world.kit.authority.issue({ commonName: role });
        writeIdentity(join(folder, 'postgres-tls'), issued);
      },
      (runtime) => postgresPoll(runtime, 'postgres'),
    );
    await world.told(
      ...[up(1), /^postgres_connections\{state="active"\} [1-9]/, /^postgres_connections_max \d+/],
      ...[/^postgres_locks_waiting \d/, 'postgres_replicas 0'],
      /^postgres_oldest_transaction_age_seconds \d/,
    );
    expect(await world.series()).not.toContainEqual(
      expect.stringMatching(/^postgres_replication_lag/),
    );
    const idle = await superuser.connect();
    await idle.query('BEGIN');
    await world.told(/^postgres_connections\{state="idle in transaction"\} [1-9]/);
    await idle.query('ROLLBACK');
    idle.release();
    await world.trouble(way, up);
  } finally {
    await way.close();
    await superuser.end();
  }
}, 60_000);
