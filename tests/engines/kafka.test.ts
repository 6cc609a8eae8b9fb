import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BROKER_NAME } from '@meridian/components/kafka/broker-configuration.ts';
import type { OutgoingRecord } from '@meridian/kit/events/publisher.ts';
import { TestAuthority, writeIdentity } from '@meridian/kit/testing/authority.ts';
import type { Issued } from '@meridian/kit/testing/authority.ts';
import { KafkaPublisher } from '@meridian/kit/kafka/kafka-publisher.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { ensureAcl } from '@meridian/provider-local/kafka/acls.ts';
import { ensureTopic } from '@meridian/provider-local/kafka/topics.ts';
import type { Admin, Producer } from 'kafkajs';
import { startKafka } from './kafka.ts';
import type { ThrowAwayBroker, ThrowAwayKafka } from './kafka.ts';

const TOPIC = 'shelf.events.v1';
/** Elections and restarts on two busy cores. */
const PATIENCE_MS = 90_000;

let kafka: ThrowAwayKafka;

beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 });
  const admin = kafka.client(await kafka.issueAdmin()).admin();
  await admin.connect();
  const copies = { partitions: 6, replication: 3, minInSyncReplicas: 2, retentionDays: 1 };
  for (const name of [TOPIC, 'other.events.v1']) {
    // A broker that has not heard of the topic yet says so.
    await eventually(() => ensureTopic(admin, { name, ...copies }), PATIENCE_MS);
  }
  const groups = { resource: 'group-prefix', name: 'archive.' } as const;
  await ensureAcl(admin, { ...groups, principal: 'archive', operations: ['Read'] });
  // Those that are waited for below come last: whoever has heard of them has heard of all.
  const topic = { resource: 'topic', name: TOPIC } as const;
  await ensureAcl(admin, { ...topic, principal: 'archive', operations: ['Read'] });
  await ensureAcl(admin, { ...topic, principal: 'shelf', operations: ['Write'] });
  await admin.disconnect();
  for (const name of ['shelf', 'archive']) await kafka.untilMayUse(name, TOPIC);
}, 180_000);
afterAll(() => kafka.stop());

function firstBroker(): ThrowAwayBroker {
  const [broker] = kafka.brokers;
  if (broker === undefined) throw new Error('The cluster has no broker');
  return broker;
}

/** Lets a producer of that name try once to write. */
async function write(commonName: string, topic: string, values: readonly string[]): Promise<void> {
  await withProducer(commonName, (producer) => send(producer, topic, values));
}

async function withProducer(
  commonName: string,
  use: (producer: Producer) => Promise<void>,
): Promise<void> {
  const producer = kafka.client(await kafka.issueClient(commonName)).producer();
  await producer.connect();
  try {
    await use(producer);
  } finally {
    await producer.disconnect();
  }
}

async function send(producer: Producer, topic: string, values: readonly string[]): Promise<void> {
  await producer.send({
    topic,
    acks: -1,
    messages: values.map((value) => ({ key: value, value })),
  });
}

/** Reads a topic, in a group of the reader's own, until each of these values was there. */
async function readUntil(topic: string, reader: Issued, wanted: readonly string[]): Promise<void> {
  const groupId = `archive.${randomUUID()}`;
  const consumer = kafka.client(reader).consumer({ groupId, maxWaitTimeInMs: 200 });
  const missing = new Set(wanted);
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      missing.delete(message.value?.toString() ?? '');
      return Promise.resolve();
    },
  });
  try {
    await eventually(() => expect([...missing]).toEqual([]), PATIENCE_MS);
  } finally {
    await consumer.disconnect();
  }
}

describe('a principal', () => {
  test('writes to and reads from what it was given', async () => {
    await write('shelf', TOPIC, ['first', 'second']);
    await readUntil(TOPIC, await kafka.issueClient('archive'), ['first', 'second']);
  }, 120_000);

  test.each([
    ['shelf', 'other.events.v1'],
    ['archive', TOPIC],
    ['stranger', TOPIC],
    // A name that only resembles one with rights.
    ['shelf,CN=kafka.admin', TOPIC],
  ])('%s may not write to %s', async (commonName, topic) => {
    await expect(write(commonName, topic, ['x'])).rejects.toThrow(
      /not authorized to access topics/i,
    );
  });

  test('makes no topic by writing to it', async () => {
    await expect(write('shelf', 'new.events.v1', ['x'])).rejects.toThrow(/not authorized/i);
    const admin = kafka.client(await kafka.issueAdmin()).admin();
    await admin.connect();
    expect(await admin.listTopics()).not.toContain('new.events.v1');
    await admin.disconnect();
  });

  test('cannot join the consumer groups of another', async () => {
    const admin = kafka.client(await kafka.issueClient('archive')).admin();
    await admin.connect();
    const offsets = (groupId: string) => admin.fetchOffsets({ groupId, topics: [TOPIC] });
    // Who coordinates a group is told before that one has read what it is to coordinate.
    await eventually(
      async () => expect(await offsets('archive.reader')).toMatchObject([{ topic: TOPIC }]),
      PATIENCE_MS,
    );
    // kafkajs tells no more of a refusal than this.
    await expect(offsets('search.reader')).rejects.toThrow('Failed to find group coordinator');
    await admin.disconnect();
  });

  test('administers nothing', async () => {
    const admin = kafka.client(await kafka.issueClient('shelf')).admin();
    await admin.connect();
    const topics = [{ topic: 'new.events.v1' }];
    await expect(admin.createTopics({ topics })).rejects.toMatchObject({
      errors: [{ type: 'TOPIC_AUTHORIZATION_FAILED' }],
    });
    await admin.disconnect();
  });
});

describe.each(['port', 'controllerPort'] as const)('the %s of a broker', (port) => {
  /** The error with which a connection ends, at the latest when it is used. */
  async function refusal(options: ConnectionOptions): Promise<string> {
    const broker = firstBroker();
    const socket = connect({ host: broker.address, port: broker[port], ...options });
    return new Promise((resolve, reject) => {
      socket.once('error', (error: Error) => resolve(error.message));
      socket.once('data', () => reject(new Error('The broker answered')));
      socket.once('close', () => resolve('closed'));
      // TLS 1.3 has the client send before the server has judged its certificate.
      socket.once('secureConnect', () => socket.write(API_VERSIONS));
    });
  }
  /** A request that a broker answers to anybody who is let in: ApiVersions, version 0. */
  const API_VERSIONS = Buffer.from('0000000a001200000000000100', 'hex');

  test('refuses a client without a certificate', async () => {
    const { ca } = await kafka.issueClient('shelf');
    expect(await refusal({ ca })).toMatch(/certificate required|closed|bad certificate/i);
  });

  test('refuses a certificate of another authority', async () => {
    const { ca } = await kafka.issueClient('shelf');
    const { cert, key } = await (await TestAuthority.create()).issue({ commonName: 'shelf' });
    expect(await refusal({ ca, cert, key })).toMatch(/certificate unknown|unknown ca|closed/i);
  });

  test('refuses a certificate that has expired', async () => {
    const issued = await kafka.authority.issue({ commonName: 'shelf', lifetimeMs: -1000 });
    expect(await refusal(issued)).toMatch(/certificate|closed/i);
  });

  test('refuses TLS 1.2', async () => {
    const issued = await kafka.issueClient('shelf');
    expect(await refusal({ ...issued, maxVersion: 'TLSv1.2' })).toMatch(/protocol version/i);
  });

  test('refuses plaintext', async () => {
    const broker = firstBroker();
    const socket = connectPlain(broker[port], broker.address, () => socket.write(API_VERSIONS));
    const answer: Buffer[] = [];
    socket.on('data', (part) => answer.push(part));
    socket.on('error', () => undefined);
    await once(socket, 'close');
    // At most an alert (RFC 8446 §6): nothing that Kafka says.
    expect([undefined, 0x15]).toContain(Buffer.concat(answer)[0]);
  });
});

describe('a cluster of three', () => {
  /** The serial number of the certificate that a new connection is shown. */
  async function serialOf(broker: ThrowAwayBroker, port: number): Promise<string> {
    const socket = await open(broker, port);
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  }

  async function open(broker: ThrowAwayBroker, port: number): Promise<TLSSocket> {
    const socket = connect({ host: broker.address, port, ...(await kafka.issueAdmin()) });
    await once(socket, 'secureConnect');
    return socket;
  }

  async function renew(broker: ThrowAwayBroker): Promise<void> {
    const { address } = broker;
    writeIdentity(
      broker.identityFolder,
      await kafka.authority.issue({ commonName: BROKER_NAME, addresses: [address] }),
    );
  }

  test('shows a renewed certificate to the next connection, and keeps those that it has', async () => {
    const [broker] = kafka.brokers as [ThrowAwayBroker];
    await withProducer('shelf', async (producer) => {
      await send(producer, TOPIC, ['before']);
      for (const port of [broker.port, broker.controllerPort]) {
        const kept = await open(broker, port);
        const before = kept.getPeerCertificate().serialNumber;
        await renew(broker);
        expect(await serialOf(broker, port)).not.toBe(before);
        expect(kept.readyState).toBe('open');
        kept.destroy();
      }
      await send(producer, TOPIC, ['after']);
    });
  });

  test('connects its own controllers with renewed certificates', async () => {
    const [first, second, third] = kafka.brokers as [
      ThrowAwayBroker,
      ThrowAwayBroker,
      ThrowAwayBroker,
    ];
    const old = [await serialOf(first, first.port), await serialOf(second, second.port)];
    await renew(first);
    await renew(second);
    const renewed = [await serialOf(first, first.port), await serialOf(second, second.port)];
    await third.kill();
    // In the place of the third: the others go on trying to reach it.
    const seen: string[] = [];
    const identity = await kafka.authority.issue({
      commonName: BROKER_NAME,
      addresses: [third.address],
    });
    const server = createServer({ ...identity, requestCert: true }, (socket) => {
      seen.push(socket.getPeerCertificate().serialNumber);
      socket.on('error', () => undefined);
      socket.destroy();
    }).listen(third.controllerPort, third.address);
    await once(server, 'listening');
    await eventually(() => expect(seen.length).toBeGreaterThan(0), PATIENCE_MS);
    server.close();
    await once(server, 'close');
    expect(seen.filter((serial) => old.includes(serial))).toEqual([]);
    expect(renewed).toEqual(expect.arrayContaining(seen));
    third.start();
    await kafka.untilReady();
  }, 240_000);

  test('loses no acknowledged record when a broker is killed, nor the mark of its storage torn', async () => {
    const acknowledged: string[] = [];
    const [, second] = kafka.brokers as [ThrowAwayBroker, ThrowAwayBroker];
    await withProducer('shelf', async (producer) => {
      for (let number = 0; number < 60; number += 1) {
        if (number === 20) await second.kill();
        const value = `record-${number}`;
        await send(producer, TOPIC, [value]);
        acknowledged.push(value);
      }
    });
    await readUntil(TOPIC, await kafka.issueClient('archive'), acknowledged);
    const mark = join(second.storage, 'meta.properties');
    const { length } = readFileSync(mark);
    truncateSync(mark, Math.floor(length / 2));
    const kept = readdirSync(second.storage).filter((name) => name.startsWith(TOPIC));
    second.start();
    await kafka.untilReady();
    expect(readFileSync(mark)).toHaveLength(length);
    expect(readdirSync(second.storage)).toEqual(expect.arrayContaining(kept));
    await readUntil(TOPIC, await kafka.issueClient('archive'), acknowledged);
  }, 240_000);
});

describe('a round of the publisher over several leaders', () => {
  const MOVED = 'moved.events.v1';
  const HUNG = 'hung.events.v1';
  const texts = (round: readonly OutgoingRecord[]) => round.map(({ value }) => String(value));
  let issued: Issued;

  beforeAll(async () => {
    issued = await kafka.issueAdmin();
  });

  async function withAdmin<T>(use: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = kafka.client(issued).admin();
    await admin.connect();
    try {
      return await use(admin);
    } finally {
      await admin.disconnect();
    }
  }

  async function leaders(admin: Admin, topic: string): Promise<readonly number[]> {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics[0]?.partitions ?? [];
    return partitions.toSorted((a, b) => a.partitionId - b.partitionId).map(({ leader }) => leader);
  }

  /** Makes a topic whose partition n lies on the n-th of these lists of brokers, and is led by the first. */
  async function createTopic(
    admin: Admin,
    topic: string,
    replicas: readonly (readonly number[])[],
  ): Promise<void> {
    const replicaAssignment = replicas.map((ids, partition) => ({ partition, replicas: [...ids] }));
    const configEntries = [
      { name: 'min.insync.replicas', value: replicas[0]?.[1] === undefined ? '1' : '2' },
    ];
    const topics = [{ topic, replicaAssignment, configEntries }];
    // A broker that has not heard of the topic yet says so.
    await eventually(() => admin.createTopics({ topics }), PATIENCE_MS);
  }

  /** Enough keys for every partition. */
  function round(topic: string, name: string): readonly OutgoingRecord[] {
    return Array.from({ length: 60 }, (_, index) => ({
      topic,
      key: Buffer.from(String(index)),
      value: Buffer.from(`${name}-${index}`),
      headers: {},
    }));
  }

  /** As a relay does: again and again, whole. */
  async function publish(publisher: KafkaPublisher, records: readonly OutgoingRecord[]) {
    await eventually(() => publisher.publish(records), PATIENCE_MS);
  }

  test('is all there once it is acknowledged, though a partition moved to a leader that had answered', async () => {
    const publisher = new KafkaPublisher(kafka.client(issued));
    const [first, second] = kafka.brokers.map(({ id }) => id) as [number, number, number];
    await withAdmin(async (admin) => {
      await createTopic(admin, MOVED, [[first], [second]]);
      await publish(publisher, round(MOVED, 'before'));
      await admin.alterPartitionReassignments({
        topics: [{ topic: MOVED, partitionAssignment: [{ partition: 0, replicas: [second] }] }],
      });
      const both = [second, second];
      await eventually(async () => expect(await leaders(admin, MOVED)).toEqual(both), PATIENCE_MS);
    });
    // The publisher has not heard of it.
    const after = round(MOVED, 'after');
    await publish(publisher, after);
    await publisher.close();
    await readUntil(MOVED, issued, texts(after));
  }, 240_000);

  test('is all there once it is acknowledged, though a leader hung', async () => {
    const publisher = new KafkaPublisher(kafka.client(issued));
    const [first, second, third] = kafka.brokers as [
      ThrowAwayBroker,
      ThrowAwayBroker,
      ThrowAwayBroker,
    ];
    const rotated = [
      [first, second, third],
      [second, third, first],
      [third, first, second],
    ].map((brokers) => brokers.map(({ id }) => id));
    await withAdmin((admin) => createTopic(admin, HUNG, rotated));
    await publish(publisher, round(HUNG, 'before'));
    const meanwhile = round(HUNG, 'meanwhile');
    third.signal('SIGSTOP');
    try {
      await publish(publisher, meanwhile);
    } finally {
      third.signal('SIGCONT');
      await publisher.close();
    }
    await readUntil(HUNG, issued, texts(meanwhile));
    await kafka.untilReady();
  }, 240_000);
});
