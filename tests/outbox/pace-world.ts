import { join } from 'node:path';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { DatabaseProcess } from '@meridian/kit/postgres/testing/database-world.ts';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { writeBinding } from '@meridian/kit/testing/bindings.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { startKafka } from '../engines/kafka.ts';
import type { ThrowAwayKafka } from '../engines/kafka.ts';
import { PaceProcess } from './pace-process.ts';
import type { Part } from './pace-process.ts';
import { FLOOR_TOPIC, pacedEvents } from './paced-events.ts';

/** Connections of a process: enough for commits at the pace, and those of the pool of a small service. */
const CONNECTIONS = 10;

/**
 * Engines as the platform has them, for one benchmark: three brokers, topics with three copies of which two
 * have to be written, and a PostgreSQL that waits for its disk.
 */
export class PaceWorld implements AsyncDisposable {
  readonly #world: DatabaseWorld;
  readonly #kafka: ThrowAwayKafka;
  readonly #processes: PaceProcess[] = [];

  private constructor(world: DatabaseWorld, kafka: ThrowAwayKafka) {
    this.#world = world;
    this.#kafka = kafka;
  }

  static async create(): Promise<PaceWorld> {
    const kafka = await startKafka({ brokers: 3 });
    const database = await DatabaseWorld.createAlone();
    const world = new PaceWorld(database, kafka);
    try {
      await world.#prepareEngines();
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
    return world;
  }

  /** A process of the service in this one, which commits. */
  async openWriter(): Promise<DatabaseProcess> {
    const process = await this.#world.world.start(await this.#folder());
    return { ...process, database: openDatabase(process.runtime, 'pace-postgres') };
  }

  async start(part: Part): Promise<PaceProcess> {
    const process = await PaceProcess.start(part, await this.#folder());
    this.#processes.push(process);
    return process;
  }

  /** Stops everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
    await this.#world.close();
    await this.#kafka.stop();
  }

  async #folder(): Promise<string> {
    const folder = await this.#world.prepare('pace', { databaseConnections: CONNECTIONS });
    writeBinding(folder, 'kafka', {
      type: 'kafka',
      'bootstrap-servers': this.#kafka.bootstrapServers.join(','),
      'tls-folder': 'kafka-tls',
    });
    writeIdentity(join(folder, 'kafka-tls'), await this.#kafka.issueAdmin());
    return folder;
  }

  async #prepareEngines(): Promise<void> {
    const superuser = await this.#world.createDatabase('pace', 'services/kit/events/tables');
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
      await superuser.query(`ALTER SYSTEM SET ${setting} = on`);
    }
    await superuser.query('SELECT pg_reload_conf()');
    const admin = this.#kafka.client(await this.#kafka.issueAdmin()).admin();
    await admin.connect();
    const { partitions: numPartitions, replication: replicationFactor } = pacedEvents;
    const configEntries = [{ name: 'min.insync.replicas', value: '2' }];
    const topics = [pacedEvents.name, FLOOR_TOPIC];
    await admin.createTopics({
      topics: topics.map((topic) => ({ topic, numPartitions, replicationFactor, configEntries })),
      waitForLeaders: false,
    });
    await eventually(async () => {
      // A leader that the metadata name may not have taken office: only it can say what it holds.
      for (const topic of topics) await admin.fetchTopicOffsets(topic);
    }, 60_000);
    await admin.disconnect();
  }
}
