import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { writeBinding } from '@meridian/kit/testing/bindings.ts';
import { Way } from '@meridian/kit/testing/way.ts';
import { ensureAcl } from '@meridian/provider-local/kafka/acls.ts';
import { sharedKafka } from '../../../tests/engines/shared-engines.ts';
import { kafkaGroupsPoll } from './kafka-groups.ts';
import { kafkaPoll } from './kafka.ts';
import { EngineWorld } from './testing/engine-world.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await EngineWorld.create();
}, 60_000);
afterAll(() => world.close());

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
  try {
    const byWay = `127.0.0.1:${way.port}`;
    const asking = (servers: string) =>
      world.ask(
        async (folder) => {
          writeBinding(folder, 'kafka', {
            ...{ type: 'kafka', 'bootstrap-servers': servers, 'tls-folder': 'kafka-tls' },
          });
          writeIdentity(join(folder, 'kafka-tls'), await kafka.issueClient('watch-monitor'));
        },
        ...[kafkaPoll, kafkaGroupsPoll],
      );
    await asking(node);
    const lag = 'kafka_group_lag_records{group="watch.readers",topic="watch.events"} 2';
    await world.told(
      ...[up(1, node), lag, 'kafka_under_replicated_partitions 0', 'kafka_offline_partitions 0'],
    );
    const monitor = kafka.client(await kafka.issueClient('watch-monitor'));
    const writing = monitor.producer();
    await writing.connect();
    const record = { topic: 'watch.events', messages: [{ value: 'x' }] };
    await expect(writing.send(record)).rejects.toThrow(/[Nn]ot authorized/);
    await writing.disconnect();
    // Brokers tell where they are, so that one is only begun with by the way, as by the one address of a cluster.
    await asking(byWay);
    await world.told(up(1, node), lag);
    expect(await world.series()).not.toContainEqual(expect.stringContaining(byWay));
    way.hang(true);
    await world.toldAlone(up(0, node));
    way.hang(false);
    await world.told(up(1, node), lag);
    await way.close();
    await world.toldAlone(up(0, node));
  } finally {
    await way.close();
  }
}, 90_000);
