import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  BROKER_NAME,
  brokerCommand,
  brokerProperties,
  LOG_PROPERTIES,
} from '@meridian/components/kafka/broker-configuration.ts';
import type { BrokerNode } from '@meridian/components/kafka/broker-configuration.ts';
import { TestAuthority, writeIdentity } from '@meridian/kit/testing/authority.ts';
import type { Issued } from '@meridian/kit/testing/authority.ts';
import { engineStarted } from '@meridian/provider-local/testing/engine-started.ts';
import kafkajs from 'kafkajs';
import { KafkaClients } from './kafka-clients.ts';

/** How long a cluster may take to answer its first request; two busy cores need a while. */
const START_TIMEOUT_MS = 120_000;
const POLL_INTERVAL_MS = 250;
const CLUSTER_ID = 'bWVyaWRpYW4tdGVzdC0wMA';

/** What a test asks of a cluster. */
export interface KafkaOptions {
  /** Each takes about eight seconds and 180 MB. @default 1 */
  readonly brokers?: 1 | 3;
  /** Who issues the certificates. @default one of its own */
  readonly authority?: TestAuthority;
  /** How long those of the brokers are good. @default an hour */
  readonly lifetimeMs?: number;
}

/** Settings that a broker of the platform has not: what a test would only wait for. */
const HURRY = 'group.initial.rebalance.delay.ms=0\n';

/** One broker of a cluster under test. */
export interface ThrowAwayBroker extends BrokerNode {
  /** Identity folder of the broker, as an agent keeps one; `writeIdentity` renews it. */
  readonly identityFolder: string;
  /** Where it keeps its records. */
  readonly storage: string;
  /** What it has logged since it was first started. */
  readonly log: () => string;
  /** Ends it at once and waits until it is gone; `start` brings it back with its data. */
  readonly kill: (signal?: 'SIGKILL' | 'SIGTERM') => Promise<void>;
  /** Stops it from running without ending it, as a machine that hangs; `SIGCONT` lets it go on. */
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT') => void;
  /** Starts it again; returns before it is ready. */
  readonly start: () => void;
}

/**
 * Apache Kafka of a test's own: real, empty, in a temporary folder, configured as the platform's is:
 * mutual TLS 1.3, the common name of a client's certificate is its principal, nothing is allowed
 * without an ACL, and topics are not made by writing to them.
 */
export interface ThrowAwayKafka extends KafkaClients, AsyncDisposable {
  readonly brokers: readonly ThrowAwayBroker[];
  /** Resolves once every broker is a member and answers. */
  untilReady(): Promise<void>;
  /** Ends the brokers and removes their folder. */
  stop(): Promise<void>;
}

/**
 * Starts a throw-away Kafka and waits until it is ready. Its programs come from MERIDIAN_KAFKA_BIN,
 * else from `kafka/current/bin` in MERIDIAN_CACHE or the user's cache.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<ThrowAwayKafka> {
  const program = findLauncher();
  const folder = await mkdtemp(join(tmpdir(), 'mkafka-'));
  const authority = options.authority ?? (await TestAuthority.create());
  const lifetime = options.lifetimeMs === undefined ? {} : { lifetimeMs: options.lifetimeMs };
  const nodes = await reserveNodes(options.brokers ?? 1);
  const brokers: Broker[] = [];
  for (const node of nodes) {
    const broker = new Broker(node, join(folder, String(node.id)), program);
    writeIdentity(
      broker.identityFolder,
      await authority.issue({ ...lifetime, commonName: BROKER_NAME, addresses: [node.address] }),
    );
    await broker.configure(nodes);
    brokers.push(broker);
  }
  const cluster = new Cluster(folder, authority, brokers);
  try {
    for (const broker of brokers) broker.start();
    await cluster.untilReady();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

function findLauncher(): string {
  const given = process.env['MERIDIAN_KAFKA_BIN'];
  const cache = process.env['MERIDIAN_CACHE'] ?? join(homedir(), '.cache/meridian');
  const bin = given !== undefined && given !== '' ? given : join(cache, 'kafka/current/bin');
  const launcher = join(bin, 'kafka');
  if (!existsSync(launcher)) {
    throw new Error(`No Kafka in ${bin}; './meridian doctor' installs it`);
  }
  return launcher;
}

/** Free ports, all held until the last one is known, so that no two are the same. */
async function reserveNodes(count: number): Promise<readonly BrokerNode[]> {
  const servers = await Promise.all(
    Array.from({ length: 2 * count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('Not a TCP server');
    return address.port;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    rack: `zone-${index + 1}`,
    address: '127.0.0.1',
    port: ports[2 * index] ?? 0,
    controllerPort: ports[2 * index + 1] ?? 0,
  }));
}

class Broker implements ThrowAwayBroker {
  readonly id: number;
  readonly rack: string;
  readonly address: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly identityFolder: string;
  readonly storage: string;
  readonly #folder: string;
  readonly #program: string;
  #process: ChildProcess | undefined;
  #log = '';

  constructor(node: BrokerNode, folder: string, program: string) {
    this.id = node.id;
    this.rack = node.rack;
    this.address = node.address;
    this.port = node.port;
    this.controllerPort = node.controllerPort;
    this.identityFolder = join(folder, 'tls');
    this.storage = join(folder, 'storage');
    this.#folder = folder;
    this.#program = program;
  }

  async configure(cluster: readonly BrokerNode[]): Promise<void> {
    const folders = { storage: this.storage, identity: this.identityFolder };
    await writeFile(
      join(this.#folder, 'server.properties'),
      `${brokerProperties(this, cluster, folders)}${HURRY}`,
    );
    await writeFile(join(this.#folder, 'log4j2.properties'), LOG_PROPERTIES);
  }

  start(): void {
    if (this.isRunning) throw new Error(`Broker ${this.id} is running`);
    engineStarted('kafka');
    // A killed test runner must not leave a broker behind.
    const command = brokerCommand({
      launcher: this.#program,
      properties: join(this.#folder, 'server.properties'),
      logging: pathToFileURL(join(this.#folder, 'log4j2.properties')).href,
      clusterId: CLUSTER_ID,
      storage: this.storage,
    });
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: string): void => {
      this.#log += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    this.#process = child;
  }

  get isRunning(): boolean {
    return this.#process?.exitCode === null && this.#process.signalCode === null;
  }

  log = (): string => this.#log;

  kill = async (signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> => {
    const child = this.#process;
    if (child === undefined || !this.isRunning) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(signal);
  }
}

class Cluster extends KafkaClients implements ThrowAwayKafka {
  declare readonly brokers: readonly Broker[];
  readonly #folder: string;

  constructor(folder: string, authority: TestAuthority, brokers: readonly Broker[]) {
    super(brokers, authority);
    this.#folder = folder;
  }

  async untilReady(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    const issued = await this.issueAdmin();
    for (;;) {
      try {
        if ((await this.#members(issued)) === this.brokers.length) return;
      } catch (error) {
        if (Date.now() > deadline) throw this.#notReady(error);
      }
      if (!this.brokers.every(({ isRunning }) => isRunning) || Date.now() > deadline) {
        throw this.#notReady(undefined);
      }
      await delay(POLL_INTERVAL_MS);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.kill()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** How many brokers the cluster's controller knows to be there. */
  async #members({ cert, key, ca }: Issued): Promise<number> {
    const admin = new kafkajs.Kafka({
      brokers: [...this.bootstrapServers],
      ssl: { cert, key, ca: [ca] },
      logLevel: kafkajs.logLevel.NOTHING,
      connectionTimeout: 5_000,
      retry: { retries: 0 },
    }).admin();
    try {
      await admin.connect();
      return (await admin.describeCluster()).brokers.length;
    } finally {
      await admin.disconnect();
    }
  }

  #notReady(cause: unknown): Error {
    const logs = this.brokers.map((broker) => `broker ${broker.id}:\n${broker.log()}`);
    return new Error(`Kafka did not become ready\n${logs.join('\n')}`, { cause });
  }
}
