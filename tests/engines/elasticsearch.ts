import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { elasticsearchProcess } from '@meridian/components/search/local/elasticsearch-process.ts';
import { PROBE_USER, roleFor } from '@meridian/components/search/search-grants.ts';
import type { SearchRole } from '@meridian/components/search/search-grants.ts';
import { TestAuthority, writeIdentity } from '@meridian/kit/testing/authority.ts';
import { hashPassword } from '@meridian/provider-local/elasticsearch/password-hash.ts';
import { probe } from '@meridian/provider-local/agent/process/probe.ts';
import { SerialQueue } from '@meridian/provider-local/agent/zone/serial-queue.ts';
import { expandPlaceholders } from '@meridian/provider-local/folders.ts';
import type { Placeholders } from '@meridian/provider-local/folders.ts';
import { engineStarted } from '@meridian/provider-local/testing/engine-started.ts';
import type { IndexAccess } from './index-access.ts';
import { NodeClient } from './index-access.ts';

const ADDRESS = '127.0.0.1';
/** Folders of users are called many things; with this one every test proves that all are quoted. */
const ODD_NAME = `mes'ü"\\ $x`;
const NAME = 'elasticsearch';
/** A node has read forty thousand classes by then; two busy cores need a while. */
const START_TIMEOUT_MS = 180_000;
/** Users and roles are read again once a second. */
const CHANGE_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 100;

/** What a test asks of a node. */
export interface ElasticsearchOptions {
  /** Who issues the certificates. @default one of its own */
  readonly authority?: TestAuthority;
  /** How long that of the node is good. @default an hour */
  readonly lifetimeMs?: number;
}

/**
 * An Elasticsearch of a test's own: real, empty, one node with the configuration and the command that the
 * local landing gives it, in a temporary folder. It takes about twelve seconds and 350 MB.
 */
export interface ThrowAwayElasticsearch extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly authority: TestAuthority;
  /** Makes a user with the rights that the platform gives a service with this index. */
  createUser(index: string): Promise<IndexAccess>;
  /** Makes such users, who may do nothing yet; the node takes them within a second or two. */
  createPowerlessUsers(indices: readonly string[]): Promise<readonly IndexAccess[]>;
  /** Gives them their rights, all at once. */
  empower(users: readonly IndexAccess[]): Promise<void>;
  /** Its output since it was first started. */
  log(): string;
  /** Gives the node a new certificate, as its agent does at half life; it takes it within a second or two. */
  renew(lifetimeMs?: number): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Starts it again after `kill`, on the same port with the same data. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a throw-away Elasticsearch and waits until it is ready. Its programs come from
 * `elasticsearch/current` in MERIDIAN_CACHE, else in the user's cache. It refuses to run as root.
 */
export async function startElasticsearch(
  options: ElasticsearchOptions = {},
): Promise<ThrowAwayElasticsearch> {
  if (process.getuid?.() === 0) {
    throw new Error('Elasticsearch refuses to run as root; run the suite as an ordinary user');
  }
  const cache = findCache();
  const authority = options.authority ?? (await TestAuthority.create());
  const folder = await mkdtemp(join(tmpdir(), ODD_NAME));
  const [port = 0, transportPort = 0] = await freePorts(2);
  const node = new Node({ cache, folder, authority, port, transportPort }, options.lifetimeMs);
  try {
    await node.prepare();
    await node.start();
  } catch (error) {
    await node.stop();
    throw error;
  }
  return node;
}

function findCache(): string {
  const cache = process.env['MERIDIAN_CACHE'] ?? join(homedir(), '.cache/meridian');
  if (!existsSync(join(cache, 'elasticsearch/current/bin/elasticsearch'))) {
    throw new Error(`No Elasticsearch in ${cache}; './meridian doctor' installs it`);
  }
  return cache;
}

/** Where a node of a test is. */
interface NodePlace {
  readonly cache: string;
  readonly folder: string;
  readonly authority: TestAuthority;
  readonly port: number;
  readonly transportPort: number;
}

class Node implements ThrowAwayElasticsearch {
  readonly host = ADDRESS;
  readonly port: number;
  readonly authority: TestAuthority;
  readonly #place: NodePlace;
  readonly #lifetimeMs: number | undefined;
  readonly #roles: Record<string, SearchRole> = {};
  readonly #hashes = new Map<string, string>();
  readonly #access = new Map<string, IndexAccess>();
  readonly #writes = new SerialQueue();
  #process: ChildProcess | undefined;
  #log = '';

  constructor(place: NodePlace, lifetimeMs: number | undefined) {
    this.#place = place;
    this.#lifetimeMs = lifetimeMs;
    this.port = place.port;
    this.authority = place.authority;
  }

  async prepare(): Promise<void> {
    for (const name of ['self', 'data', 'state/credentials']) {
      await mkdir(join(this.#place.folder, name), { recursive: true });
    }
    await this.#makeUser(PROBE_USER, '');
    const { files } = this.#spec();
    for (const [path, text] of Object.entries(files)) {
      await writeFile(join(this.#place.folder, 'self', path), this.#expand(text));
    }
    await this.#writeRights();
    await this.renew();
  }

  async start(): Promise<void> {
    const { command, environment, readiness } = this.#spec();
    engineStarted('elasticsearch');
    // A killed test runner must not leave a node behind.
    const argv = ['--pdeathsig', 'KILL', '--', ...command.map((part) => this.#expand(part))];
    const child = spawn('setpriv', argv, {
      cwd: join(this.#place.folder, 'self'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        LANG: 'C.UTF-8',
        ...Object.fromEntries(
          Object.entries(environment).map(([key, value]) => [key, this.#expand(value)]),
        ),
      },
    });
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (this.#log += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.#log += chunk));
    this.#process = child;
    await this.#until('start', START_TIMEOUT_MS, () => probe(readiness, this.#placeholders));
  }

  async createUser(index: string): Promise<IndexAccess> {
    const access = await this.#makeUser(`${index}-elasticsearch`, index);
    await this.empower([access]);
    return access;
  }

  async createPowerlessUsers(indices: readonly string[]): Promise<readonly IndexAccess[]> {
    const users = indices.map((index) => this.#makeUser(`${index}-elasticsearch`, index));
    const made = await Promise.all(users);
    await this.#writeRights();
    return made;
  }

  async empower(users: readonly IndexAccess[]): Promise<void> {
    for (const { username, index } of users) this.#roles[username] = roleFor(index);
    await this.#writeRights();
    for (const { username, index } of users) {
      await this.#until(`take the user ${username}`, CHANGE_TIMEOUT_MS, async () => {
        // Its role may be taken a moment after its password.
        const answer = await this.#client(username).request('GET', `/${index}.*/_alias`);
        if (answer.status === 200) return true;
        throw new Error(`it answered ${answer.status}, ${JSON.stringify(answer.body)}`);
      });
    }
  }

  log(): string {
    return this.#log;
  }

  async renew(lifetimeMs: number | undefined = this.#lifetimeMs): Promise<void> {
    const identity = await this.authority.issue({
      commonName: NAME,
      addresses: [ADDRESS],
      ...(lifetimeMs === undefined ? {} : { lifetimeMs }),
    });
    writeIdentity(join(this.#place.folder, 'self/tls'), identity);
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(name);
  }

  async kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    // Its output is closed when the node is gone too, which ends with what started it.
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#place.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #makeUser(username: string, index: string): Promise<IndexAccess> {
    const passwordFile = join(this.#place.folder, `state/credentials/${NAME}-${username}`);
    const password = `password-of-${username}`;
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    this.#hashes.set(username, hashPassword(password));
    const { host, port } = this;
    const access = { host, port, username, index, passwordFile };
    this.#access.set(username, access);
    return access;
  }

  /** One after the other: of two at once the older might be written last. */
  #writeRights(): Promise<void> {
    return this.#writes.run(() => this.#writeRightsNow());
  }

  async #writeRightsNow(): Promise<void> {
    const { command, liveFiles } = this.#spec();
    for (const [path, text] of Object.entries(liveFiles)) {
      await writeFile(join(this.#place.folder, 'self', path), text);
    }
    const usersFile = this.#expand(command[5] ?? '');
    await mkdir(dirname(usersFile), { recursive: true });
    const lines = [...this.#hashes].map(([name, hash]) => `${name}:${hash}\n`);
    await writeFile(usersFile, lines.join(''), { mode: 0o600 });
  }

  #client(username: string): NodeClient {
    const access = this.#access.get(username);
    if (access === undefined) throw new Error(`No user ${username}`);
    return new NodeClient(access, this.authority);
  }

  async #until(what: string, timeoutMs: number, isDone: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    let cause: unknown;
    do {
      try {
        if (await isDone()) return;
      } catch (error) {
        cause = error;
      }
      await delay(POLL_INTERVAL_MS);
    } while (this.#process?.exitCode === null && Date.now() < deadline);
    const because = cause instanceof Error ? `, since ${cause.message}` : '';
    throw new Error(`Elasticsearch did not ${what}${because}. Its log:\n${this.#log}`, { cause });
  }

  #spec(): ReturnType<typeof elasticsearchProcess> {
    const { port, transportPort } = this.#place;
    const node = { cluster: 'test', name: NAME, address: ADDRESS, port, transportPort };
    const users = Object.keys(this.#roles).map((user) => ({ user, role: user }));
    return elasticsearchProcess(node, { roles: this.#roles, users }, 'test');
  }

  #expand(text: string): string {
    return expandPlaceholders(text, this.#placeholders);
  }

  /** The agent's, for the folders of this node. */
  get #placeholders(): Placeholders {
    const { cache, folder } = this.#place;
    return {
      self: join(folder, 'self'),
      data: join(folder, 'data'),
      state: join(folder, 'state'),
      cache,
      ...{ program: '', runtime: '', node: '' },
    };
  }
}

/** Free ports, all held until the last one is known, so that no two are the same. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, ADDRESS);
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
  return ports;
}
