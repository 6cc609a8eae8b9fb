import { connect } from 'node:net';
import { resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import type { Answers, Question } from './keeper-language.ts';
import { KEEPER_SOCKET } from './keeper-language.ts';
import { bindIndex, NodeClient } from './index-access.ts';
import type { IndexAccess, NodeAnswer } from './index-access.ts';
import { KafkaClients } from './kafka-clients.ts';

/** The PostgreSQL that all suites of a run share. */
export interface SharedPostgres {
  /** Folder of the server's socket, and in it of its data; pg takes it for `host`. */
  readonly socketFolder: string;
  /** The number in the socket's name, and the TCP port of 127.0.0.1. */
  readonly port: number;
  /**
   * Creates a database as the platform does, with the tables of a folder of migrations, and a service
   * role that can read and write rows but change no schema. Returns the name of both, which begins
   * with the given one.
   */
  createDatabase(name: string, migrations: string): Promise<string>;
}

/** Who issues the certificates of the engines of this run, and those that they let in. */
export async function sharedAuthority(): Promise<TestAuthority> {
  return TestAuthority.restore(await ask({ about: 'authority' }));
}

/** The PostgreSQL of this run, over TLS for clients whose certificate's common name is their role. */
export async function sharedPostgres(): Promise<SharedPostgres> {
  const server = await ask({ about: 'postgres' });
  return {
    ...server,
    async createDatabase(name, migrations) {
      const question = { about: 'database', name, migrations: resolve(migrations) } as const;
      return (await ask(question)).name;
    },
  };
}

/**
 * The first word of what a suite has in the Kafka of a run, of topics, groups and principals: one that
 * no other suite has.
 */
export const KAFKA_WORDS = {
  identity: 'services/identity/kafka.test.ts',
  rack: 'tests/engines/kafka-resources.test.ts',
  search: 'services/search/rebuild/topic-tail.test.ts',
  shelf: 'tools/denial/kafka-attempts.test.ts',
  shop: 'services/kit/events/kafka.test.ts',
  watch: 'services/watch/engine-metrics/kafka.test.ts',
} as const;

/** The Kafka that all suites of a run share: one broker. */
export class SharedKafka extends KafkaClients {
  readonly #word: string;

  constructor(word: string, ...clients: ConstructorParameters<typeof KafkaClients>) {
    super(...clients);
    this.#word = word;
  }

  /** Whether a topic, a group or a principal is no other suite's. */
  isOurs(name: string): boolean {
    const others = Object.keys(KAFKA_WORDS).filter((word) => word !== this.#word);
    return !others.some((word) => name.startsWith(word));
  }
}

/** The Kafka of this run, for the suite that has the word. */
export async function sharedKafka(word: keyof typeof KAFKA_WORDS): Promise<SharedKafka> {
  const [{ brokers }, authority] = [await ask({ about: 'kafka' }), await sharedAuthority()];
  return new SharedKafka(word, brokers, authority);
}

/** An index of a suite's own in the Elasticsearch of this run. */
export interface SharedIndex extends IndexAccess {
  /** Writes the binding folder and the client certificate of its user into a process's folder. */
  bind(folder: string, binding: string, changes?: Readonly<Record<string, string>>): Promise<void>;
  /** Asks the node as the user of the index; throws only if nobody answers. */
  request(method: string, path: string, body?: unknown): Promise<NodeAnswer>;
}

/**
 * A user of the Elasticsearch of this run, with the rights that a service has which declares an index of
 * this name; the name that it got begins with the given one. There is no such index yet.
 */
export async function sharedIndex(name: string): Promise<SharedIndex> {
  const [access, authority] = [await ask({ about: 'index', name }), await sharedAuthority()];
  const client = new NodeClient(access, authority);
  return {
    ...access,
    bind: (folder, binding, changes) => bindIndex(folder, binding, access, authority, changes),
    request: (method, path, body) => client.request(method, path, body),
  };
}

async function ask<Asked extends Question>(question: Asked): Promise<Answers[Asked['about']]> {
  const path = process.env[KEEPER_SOCKET];
  if (path === undefined) {
    throw new Error(
      `${KEEPER_SOCKET} is not set; run the suite by jest with the project's settings`,
    );
  }
  const socket = connect({ path, allowHalfOpen: true });
  socket.end(JSON.stringify(question));
  const { answer, error } = (await json(socket)) as {
    readonly answer?: Answers[Asked['about']];
    readonly error?: string;
  };
  if (answer === undefined) throw new Error(`The engines of this run: ${error}`);
  return answer;
}
