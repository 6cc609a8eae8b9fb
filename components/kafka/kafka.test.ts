import { describe, expect, test } from '@jest/globals';
import { withService } from '../model/testing/sample-platform.ts';
import { record } from '../testing/recording-mocks.ts';
import { declareSample } from '../testing/sample-program.ts';
import { sampleStack } from '../testing/sample-stack.ts';

/** The sample with somebody who consumes. */
const consumed = () => sampleStack({}, withService('archive', { implemented: true }));

const recordSample = (stack = sampleStack()) =>
  record(() => {
    declareSample(stack);
  });

describe('Kafka on this machine', () => {
  test('is a broker in each zone, side by side', async () => {
    const recording = await recordSample();
    const brokers = ['kafka-broker-a', 'kafka-broker-b', 'kafka-broker-c'];
    expect(recording.names('Process')).toEqual(expect.arrayContaining(brokers));
    for (const broker of brokers) {
      const zone = broker.slice(-1);
      expect(recording.resource(broker).inputs).toMatchObject({ zone, spec: { data: true } });
      expect(recording.waits(broker, `zones-${zone}`)).toBe(true);
      for (const other of brokers.filter((candidate) => candidate !== broker)) {
        expect(recording.waits(broker, other)).toBe(false);
      }
    }
  });

  test('makes a topic as soon as who publishes it has code', async () => {
    const recording = await recordSample();
    expect(recording.names('KafkaTopic')).toEqual(['kafka-topic-shelf.events.v1']);
    expect(recording.resource('kafka-topic-shelf.events.v1').inputs).toMatchObject({
      cluster: { brokers: [{ zone: 'a', process: 'kafka-a' }, { zone: 'b' }, { zone: 'c' }] },
      name: 'shelf.events.v1',
      partitions: 12,
      replication: 3,
      minInSyncReplicas: 2,
      retentionDays: 7,
    });
    for (const zone of ['a', 'b', 'c']) {
      expect(recording.waits('kafka-topic-shelf.events.v1', `kafka-broker-${zone}`)).toBe(true);
    }
  });

  test('lets a publisher write its topic, and starts it afterwards', async () => {
    const recording = await recordSample();
    const acl = 'kafka-acl-shelf-topic-shelf.events.v1';
    expect(recording.names('KafkaAcl')).toEqual(['kafka-acl-monitor-topic-shelf.events.v1', acl]);
    expect(recording.resource(acl).inputs).toMatchObject({
      principal: 'shelf',
      resource: 'topic',
      operations: ['Write'],
    });
    expect(recording.waits(acl, 'kafka-topic-shelf.events.v1')).toBe(true);
    expect(recording.waits('shelf-a-0', acl)).toBe(true);
  });

  test('has a dead-letter topic for what is consumed, and lets a consumer read in groups of its own', () => {
    const { topics, acls } = consumed().kafka;
    expect(topics.map(({ name }) => name)).toEqual(['shelf.events.v1', 'shelf.events.v1.dlq']);
    expect(acls).toEqual([
      { principal: 'archive', resource: 'topic', name: 'shelf.events.v1', operations: ['Read'] },
      {
        principal: 'archive',
        resource: 'topic',
        name: 'shelf.events.v1.dlq',
        operations: ['Write'],
      },
      { principal: 'shelf', resource: 'topic', name: 'shelf.events.v1', operations: ['Write'] },
      { principal: 'archive', resource: 'group-prefix', name: 'archive.', operations: ['Read'] },
      ...[
        ['topic', 'shelf.events.v1'],
        ['topic', 'shelf.events.v1.dlq'],
        ['group-prefix', 'archive.'],
      ].map(([resource, name]) => ({
        ...{ principal: 'monitor', resource, name, operations: ['Describe'] },
      })),
    ]);
  });

  test('is not started for a platform that publishes nothing', () => {
    const { kafka } = sampleStack({}, withService('shelf', { implemented: false, calls: [] }));
    expect(kafka).toMatchObject({ brokers: [], topics: [], acls: [] });
  });

  test('publishes where it listens', async () => {
    await record(() => {
      expect(declareSample().kafka.bootstrapServers).toEqual([
        '127.0.1.4:20005',
        '127.0.2.4:20005',
        '127.0.3.4:20005',
      ]);
    });
  });
});

describe('the configuration of a broker', () => {
  const [broker] = sampleStack().kafka.brokers;
  const lines = (broker?.process.files['server.properties'] ?? '').split('\n');

  test('knows its zone, its address and all controllers', () => {
    expect(lines).toEqual(
      expect.arrayContaining([
        'node.id=1',
        'broker.rack=a',
        'listeners=CLIENTS://127.0.1.4:20005,CONTROLLERS://127.0.1.4:20006',
        'controller.quorum.voters=1@127.0.1.4:20006,2@127.0.2.4:20006,3@127.0.3.4:20006',
      ]),
    );
  });

  test('lets nobody in without a certificate, and knows no plaintext', () => {
    expect(lines).toEqual(
      expect.arrayContaining([
        'listener.security.protocol.map=CLIENTS:SSL,CONTROLLERS:SSL',
        'ssl.client.auth=required',
        'ssl.enabled.protocols=TLSv1.3',
        'allow.everyone.if.no.acl.found=false',
        'super.users=User:kafka.broker;User:kafka.admin',
      ]),
    );
    expect(lines.join('\n')).not.toMatch(/PLAINTEXT|password/i);
  });

  test('loses nothing that was acknowledged when one zone goes', () => {
    expect(lines).toEqual(
      expect.arrayContaining([
        'min.insync.replicas=2',
        'default.replication.factor=3',
        'unclean.leader.election.enable=false',
        'auto.create.topics.enable=false',
      ]),
    );
  });
});

describe('the binding of a service that publishes', () => {
  const replica = sampleStack().services.find(({ name }) => name === 'shelf')?.replicas[0];

  test('names the brokers and a certificate whose common name is the service', () => {
    expect(replica?.process.files).toMatchObject({
      'bindings/kafka/type': 'kafka',
      'bindings/kafka/bootstrap-servers': '127.0.1.4:20005,127.0.2.4:20005,127.0.3.4:20005',
      'bindings/kafka/tls-folder': 'kafka-tls',
    });
    expect(replica?.process.identities).toContainEqual(
      expect.objectContaining({ folder: 'kafka-tls', commonName: 'shelf', usages: ['client'] }),
    );
  });

  test('is not given to a service without topics', () => {
    const door = sampleStack().services.find(({ name }) => name === 'door')?.replicas[0];
    expect(Object.keys(door?.process.files ?? {}).join()).not.toContain('kafka');
  });
});
