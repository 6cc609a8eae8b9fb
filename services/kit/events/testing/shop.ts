import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect } from '@jest/globals';
import { AclOperationTypes, AclPermissionTypes, ResourcePatternTypes } from 'kafkajs';
import type { AclResourceTypes, Admin, Kafka } from 'kafkajs';
import type { Pool } from 'pg';
import { deadLetterTopic } from '@meridian/language/topic.ts';
import { shopEvents } from './shop-events.ts';
import type { KafkaClients } from '../../../../tests/engines/kafka-clients.ts';
import { openDatabase } from '../../postgres/database.ts';
import { writeIdentity } from '../../testing/authority.ts';
import type { Issued } from '../../testing/authority.ts';
import { writeBinding } from '../../testing/bindings.ts';
import { eventually } from '../../testing/eventually.ts';
import { EchoRequestSchema } from '../../testing/gen/meridian/kittest/v1/echo_pb.js';
import type { EchoRequest } from '../../testing/gen/meridian/kittest/v1/echo_pb.js';
import { keptCode } from '../../testing/kept-code.ts';
import { cloudEventHeaders } from '../cloud-event.ts';
import { consume } from '../consume.ts';
import { domainEvent } from '../domain-event.ts';
import { on } from '../event-handler.ts';
import type { EventHandler } from '../event-handler.ts';
import { followRecords } from '../follow-records.ts';
import { openInbox } from '../inbox.ts';
import type { Outbox } from '../outbox.ts';
import type { OutgoingRecord } from '../publisher.ts';
import { uuidV7 } from '../uuid-v7.ts';
import { DatabaseWorld } from '../../postgres/testing/database-world.ts';
import type { DatabaseProcess } from '../../postgres/testing/database-world.ts';

/** The declaration of a service that consumes the topic of a test. */
interface Ledger {
  readonly consumes: readonly [typeof shopEvents];
}

/** The topic of a test, and where its dead letters go. */
export const TOPIC = shopEvents.name;
export const DEAD = deadLetterTopic(TOPIC);
const TOPICS: readonly string[] = [TOPIC, DEAD];

/** A record as a test finds it. */
export interface Read {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** A service named shop with a database and a Kafka, whoever started that. */
export class Shop {
  readonly world: DatabaseWorld;
  readonly kafka: KafkaClients;
  readonly admin: Admin;
  readonly #superuser: Pool;
  readonly #asAdmin: Kafka;

  private constructor(world: DatabaseWorld, kafka: KafkaClients, superuser: Pool, asAdmin: Kafka) {
    this.world = world;
    this.kafka = kafka;
    this.#superuser = superuser;
    this.#asAdmin = asAdmin;
    this.admin = asAdmin.admin();
  }

  static async create(kafka: KafkaClients): Promise<Shop> {
    const world = await DatabaseWorld.create();
    const superuser = await world.createDatabase('shop', 'services/kit/events/tables');
    const asAdmin = kafka.client(await kafka.issueAdmin());
    const shop = new Shop(world, kafka, superuser, asAdmin);
    await shop.admin.connect();
    return shop;
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
    await this.world.close();
  }

  /** Stops what a test that failed left running: it would take the events of the next. */
  async stopProcesses(): Promise<void> {
    await this.world.world.stop();
  }

  /** Begins again with empty tables and topics. */
  async clear(): Promise<void> {
    const { admin } = this;
    await this.#superuser.query('TRUNCATE outbox, inbox, held_events');
    const ours = async (): Promise<string[]> =>
      (await admin.listTopics()).filter((name) => TOPICS.includes(name));
    await admin.deleteTopics({ topics: await ours() });
    await eventually(async () => expect(await ours()).toEqual([]));
    await admin.createTopics({
      topics: TOPICS.map((topic) => ({ topic, numPartitions: 3, replicationFactor: 1 })),
      // kafkajs gives up where a slow broker does not know of them yet.
      waitForLeaders: false,
    });
    await eventually(async () => {
      // A leader that the metadata name may not have taken office: only it can say what it holds.
      for (const topic of TOPICS) expect(await admin.fetchTopicOffsets(topic)).toHaveLength(3);
    });
  }

  /** The folder of a process with a binding to Kafka, as an administrator by default. */
  async prepare(issued?: Issued, databaseConnections?: number): Promise<string> {
    const folder = await this.world.prepare('shop', { databaseConnections });
    writeBinding(folder, 'kafka', {
      type: 'kafka',
      'bootstrap-servers': this.kafka.bootstrapServers.join(','),
      'tls-folder': 'kafka-tls',
    });
    writeIdentity(join(folder, 'kafka-tls'), issued ?? (await this.kafka.issueAdmin()));
    return folder;
  }

  /** A process of the test's own process, with its database open; its release is active by default. */
  async open(
    options: {
      readonly role?: string;
      readonly issued?: Issued;
      readonly connections?: number;
    } = {},
  ): Promise<DatabaseProcess> {
    const folder = await this.prepare(options.issued, options.connections);
    if (options.role !== undefined) this.setRole(folder, options.role);
    const process = await this.world.world.start(folder);
    return { ...process, database: openDatabase(process.runtime, 'shop-postgres') };
  }

  /** Says which release the process of a folder belongs to. */
  setRole(folder: string, role: string): void {
    this.world.world.setRole(folder, role);
  }

  /** Lets the principal `User:shop` do something to a topic or a group. */
  async allow(resourceType: AclResourceTypes, resourceName: string): Promise<void> {
    await this.admin.createAcls({
      acl: [
        {
          resourceType,
          resourceName,
          resourcePatternType: ResourcePatternTypes.LITERAL,
          principal: 'User:shop',
          host: '*',
          operation: AclOperationTypes.READ,
          permissionType: AclPermissionTypes.ALLOW,
        },
      ],
    });
  }

  /** A relay in a process of its own, that can be stopped and killed. */
  async spawnRelay(): Promise<ChildProcess> {
    const cwd = await this.prepare();
    const main = fileURLToPath(new URL('./relay-main.ts', import.meta.url));
    return spawn(process.execPath, ['--tls-min-v1.3', main], {
      cwd,
      env: {
        ...keptCode(),
        SERVICE_BINDING_ROOT: join(cwd, 'bindings'),
        MERIDIAN_SERVICE_FILE: join(cwd, 'config/service.json'),
      },
      stdio: 'ignore',
    });
  }

  /** The backend that holds the relay's lock; undefined while nobody does. */
  async lockHolder(): Promise<number | undefined> {
    const { rows } = await this.#superuser.query<{ pid: number }>(
      `SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
       WHERE datname = current_database() AND locktype = 'advisory' AND granted`,
    );
    return rows[0]?.pid;
  }

  /** How many events wait in the outbox. */
  async unpublished(): Promise<number> {
    const { rows } = await this.#superuser.query('SELECT 1 FROM outbox WHERE published_at IS NULL');
    return rows.length;
  }

  /** Reads a topic from its start, in the order of each partition, until it holds so many records. */
  async read(topic: string, count: number): Promise<readonly Read[]> {
    const consumer = this.#asAdmin.consumer({
      groupId: `shop-test-${uuidV7()}`,
      maxWaitTimeInMs: 200,
    });
    const found: Read[] = [];
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        const entries = Object.entries(message.headers ?? {});
        found.push({
          key: message.key?.toString() ?? '',
          value: message.value ?? Buffer.alloc(0),
          headers: Object.fromEntries(entries.map(([name, value]) => [name, String(value)])),
        });
        return Promise.resolve();
      },
    });
    await eventually(() => expect(found.length).toBeGreaterThanOrEqual(count), 60_000);
    await consumer.disconnect();
    return found;
  }
}

/** Changes an aggregate, with an event that says so. */
export async function change(
  process: DatabaseProcess,
  outbox: Outbox<typeof shopEvents>,
  key: string,
  version: number,
): Promise<void> {
  const message = { text: `${key} ${version}` };
  const event = domainEvent(EchoRequestSchema, message, { key, version: BigInt(version) });
  await process.database.transaction((transaction) => outbox.add(transaction, shopEvents, [event]));
}

/** A record as the outbox would publish it. */
export function record(
  key: string,
  text: string,
  changes: Partial<OutgoingRecord> = {},
): OutgoingRecord {
  const value = toBinary(EchoRequestSchema, create(EchoRequestSchema, { text }));
  return {
    topic: TOPIC,
    key: Buffer.from(key),
    value: Buffer.from(value),
    headers: cloudEventHeaders({
      id: uuidV7(),
      source: 'spiffe://meridian.local/ns/meridian/sa/shop',
      type: EchoRequestSchema.typeName,
      subject: key,
      time: new Date(),
      causationId: undefined,
      correlationId: key,
    }),
    ...changes,
  };
}

/** Consumes the topic with a handler that notes what it has handled, in a list of its own by default. */
export function follow(
  process: DatabaseProcess,
  before: (message: EchoRequest) => Promise<void> | void = () => undefined,
  handled: string[] = [],
): string[] {
  const handler: EventHandler<typeof EchoRequestSchema> = on(
    EchoRequestSchema,
    async (message, transaction) => {
      await before(message);
      transaction.onCommit(() => handled.push(message.text));
    },
  );
  consume<Ledger>(process.runtime, {
    inbox: openInbox(process.runtime, process.database),
    topics: { [TOPIC]: [handler] },
    retry: { backoffFirstMs: 10, backoffMaxMs: 50, attemptsMax: 3 },
  });
  return handled;
}

/** Keeps all records of the topic, and notes in a list which reading of them had which. */
export function keep(process: DatabaseProcess, reading: number, kept: string[]): void {
  followRecords<Ledger>(
    process.runtime,
    { [TOPIC]: shopEvents },
    {
      recordsMax: 10,
      readings: () => Promise.resolve(reading),
      keep: (messages) => {
        const texts = messages.map(
          ({ value }) => fromBinary(EchoRequestSchema, value ?? Buffer.of()).text,
        );
        kept.push(...texts.map((text) => `${reading} ${text}`));
        return Promise.resolve();
      },
    },
  );
}
