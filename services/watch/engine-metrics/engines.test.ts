import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MONITOR_REDIS_RULES } from '@meridian/components/observability/engines/monitor.ts';
import { PROBE_USER } from '@meridian/components/search/local/elasticsearch-process.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { writeBinding } from '@meridian/kit/testing/bindings.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { Way } from '@meridian/kit/testing/way.ts';
import { TestWorld } from '@meridian/kit/testing/world.ts';
import { ensureAcl } from '@meridian/provider-local/kafka/acls.ts';
import {
  sharedAuthority,
  sharedIndex,
  sharedKafka,
  sharedPostgres,
} from '../../../tests/engines/shared-engines.ts';
import { startRedis } from '../../../tests/engines/redis.ts';
import type { ThrowAwayRedis } from '../../../tests/engines/redis.ts';
import { Pool } from 'pg';
import { elasticsearchPoll } from './elasticsearch.ts';
import type { EnginePoll } from './engine-poll.ts';
import { kafkaPoll } from './kafka.ts';
import { postgresPoll } from './postgres.ts';
import { redisPoll } from './redis.ts';
import { polled, TIMEOUT_MS } from './testing/polled-engine.ts';
import type { PolledEngine } from './testing/polled-engine.ts';

/** An engine that does not answer is told of within its limit, and what it said before is not told any more. */
const LIMIT_MS = TIMEOUT_MS + 5_000;

let world: TestWorld;
let engine: PolledEngine | undefined;

beforeAll(async () => {
  world = await TestWorld.create(await sharedAuthority());
}, 60_000);
afterEach(async () => {
  await engine?.stop();
  await world.stop();
});
afterAll(() => world.close());

const told = (...expected: readonly (string | RegExp)[]) =>
  eventually(async () => {
    const series = await engine?.series();
    for (const each of expected) {
      expect(series).toContainEqual(typeof each === 'string' ? each : expect.stringMatching(each));
    }
  }, 20_000);
const nothingBut = (up: string) =>
  eventually(async () => expect(await engine?.series()).toEqual([up]), LIMIT_MS);

/** Starts to ask by what was prepared in the folder of a process. */
async function ask(
  prepare: (folder: string) => Promise<void>,
  poll: (runtime: Parameters<typeof postgresPoll>[0]) => EnginePoll,
): Promise<void> {
  const folder = await world.prepare('engine-metrics');
  await prepare(folder);
  const process = await world.start(folder);
  engine = polled(process, poll(process.runtime));
}

/** Has an engine hang, come back, go, and come back once more. */
async function troubled(way: Way, up: (value: 0 | 1) => string): Promise<void> {
  try {
    way.hang(true);
    await nothingBut(up(0));
    way.hang(false);
    await told(up(1));
    await way.close();
    await nothingBut(up(0));
    await way.open();
    await told(up(1));
  } finally {
    await engine?.stop();
    await way.close();
  }
}

describe('PostgreSQL', () => {
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
      await ask(
        async (folder) => {
          writeBinding(folder, 'postgres', {
            ...{ type: 'postgresql', host: '127.0.0.1', port: String(way.port) },
            ...{ database: role, username: role, sslmode: 'verify-full' },
            'tls-folder': 'postgres-tls',
          });
          const issued = await world.authority.issue({ commonName: role });
          writeIdentity(join(folder, 'postgres-tls'), issued);
        },
        (runtime) => postgresPoll(runtime, 'postgres'),
      );
      await told(
        ...[
          up(1),
          /^postgres_connections\{state="active"\} [1-9]/,
          /^postgres_connections_max \d+/,
        ],
        ...[/^postgres_locks_waiting \d/, 'postgres_replicas 0'],
        /^postgres_oldest_transaction_age_seconds \d/,
      );
      expect(await engine?.series()).not.toContainEqual(
        expect.stringMatching(/^postgres_replication_lag/),
      );
      const idle = await superuser.connect();
      await idle.query('BEGIN');
      await told(/^postgres_connections\{state="idle in transaction"\} [1-9]/);
      await idle.query('ROLLBACK');
      idle.release();
      await troubled(way, up);
    } finally {
      await superuser.end();
    }
  }, 60_000);
});

describe('Redis', () => {
  const up = (value: 0 | 1) => `engine_up{engine="redis",node="redis"} ${value}`;
  let server: ThrowAwayRedis;

  beforeAll(async () => {
    server = await startRedis(world.authority);
  }, 90_000);
  afterAll(() => server.stop());

  test('says what it holds to whom may do nothing else, and nothing while it is stopped or ended', async () => {
    const user = await server.createUser('monitor', 'monitor:');
    await server.admin(
      ...['ACL', 'SETUSER', user.name, 'resetkeys', 'resetchannels', ...MONITOR_REDIS_RULES],
    );
    await ask(
      (folder) => server.bind(folder, 'redis', user),
      (runtime) => redisPoll(runtime, 'redis'),
    );
    await told(
      ...[up(1), /^redis_memory_used_bytes [1-9]/, /^redis_connected_clients [1-9]/],
      'redis_evicted_keys_total 0',
    );
    // A counter stays where it was: what was dropped was dropped.
    const counted = ['redis_evicted_keys_total 0', up(0)].toSorted();
    const silent = () =>
      eventually(
        async () => expect([...((await engine?.series()) ?? [])].toSorted()).toEqual(counted),
        LIMIT_MS,
      );
    server.signal('SIGSTOP');
    await silent();
    server.signal('SIGCONT');
    await told(up(1));
    await server.kill();
    await silent();
    await server.start();
    await told(up(1), /^redis_memory_used_bytes [1-9]/);
  }, 60_000);
});

describe('Kafka', () => {
  test('says which brokers are there and what groups have not read, and nothing while it hangs or is away', async () => {
    const kafka = await sharedKafka('watch');
    const [node = ''] = kafka.bootstrapServers;
    const up = (value: 0 | 1, of: string) => `engine_up{engine="kafka",node="${of}"} ${value}`;
    const admin = kafka.client(await kafka.issueAdmin()).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'watch.events', numPartitions: 2 }] });
    const grant = { principal: 'watch-monitor', operations: ['Describe'] } as const;
    await ensureAcl(admin, { ...grant, resource: 'topic', name: 'watch.events' });
    await ensureAcl(admin, { ...grant, resource: 'group-prefix', name: 'watch.' });
    const producer = kafka.client(await kafka.issueAdmin()).producer();
    await producer.connect();
    await producer.send({
      topic: 'watch.events',
      messages: [0, 1, 1].map((partition) => ({ partition, value: 'x' })),
    });
    await producer.disconnect();
    await admin.setOffsets({
      ...{ groupId: 'watch.readers', topic: 'watch.events' },
      partitions: [
        { partition: 0, offset: '1' },
        { partition: 1, offset: '0' },
      ],
    });
    await admin.disconnect();
    const way = new Way(Number(node.split(':')[1]));
    await way.open();
    const byWay = `127.0.0.1:${way.port}`;
    const asking = (servers: string) =>
      ask(async (folder) => {
        writeBinding(folder, 'kafka', {
          ...{ type: 'kafka', 'bootstrap-servers': servers, 'tls-folder': 'kafka-tls' },
        });
        writeIdentity(join(folder, 'kafka-tls'), await kafka.issueClient('watch-monitor'));
      }, kafkaPoll);
    await asking(node);
    const lag = 'kafka_group_lag_records{group="watch.readers",topic="watch.events"} 2';
    await told(
      ...[up(1, node), lag, 'kafka_under_replicated_partitions 0', 'kafka_offline_partitions 0'],
    );
    await engine?.stop();
    // Brokers tell where they are, so that one is only begun with by the way.
    await asking(byWay);
    await told(up(0, byWay), lag);
    way.hang(true);
    await nothingBut(up(0, byWay));
    way.hang(false);
    await told(lag);
    await way.close();
    await nothingBut(up(0, byWay));
  }, 90_000);
});

describe('Elasticsearch', () => {
  const up = (value: 0 | 1) => `engine_up{engine="elasticsearch",node="elasticsearch"} ${value}`;

  test('says its status to whom may ask for that alone, and nothing while it hangs or is away', async () => {
    const index = await sharedIndex('watch');
    const { username, passwordFile, port } = index;
    const ofProbe = basename(passwordFile).replace(username, PROBE_USER);
    const way = new Way(port);
    await way.open();
    await ask(
      (folder) =>
        index.bind(folder, 'elasticsearch', {
          ...{ port: String(way.port), username: PROBE_USER },
          'password-file': join(dirname(passwordFile), ofProbe),
        }),
      (runtime) => elasticsearchPoll(runtime, 'elasticsearch'),
    );
    await told(up(1), /^elasticsearch_cluster_status\{status="(green|yellow)"\} 1/);
    await told('elasticsearch_cluster_status{status="red"} 0', /^elasticsearch_unassigned_shards /);
    await troubled(way, up);
  }, 120_000);
});
