import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { redisProcess } from '@meridian/components/redis/local.ts';
import { serviceRules } from '@meridian/components/redis/redis-grants.ts';
import type { TestAuthority } from '@meridian/kit/testing/authority.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { expandPlaceholders } from '@meridian/provider-local/folders.ts';
import { engineStarted } from '@meridian/provider-local/testing/engine-started.ts';

const execute = promisify(execFile);
const ADDRESS = '127.0.0.1';
/** Folders of users are called many things; with this one every test proves that all are quoted. */
const oddName = `m'ü"\\ $x`;
const START_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 25;

/** A user of a throw-away Redis, and what its binding needs. */
export interface TestRedisUser {
  readonly name: string;
  readonly keyPrefix: string;
  readonly passwordFile: string;
}

/**
 * A Redis of a test's own: real, empty, with the configuration and the commands that
 * the local landing gives it, in a temporary folder.
 */
export interface ThrowAwayRedis extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Where it keeps its users and the admin's password. */
  readonly dataFolder: string;
  /** Makes a user with the rights that the platform gives a service with this store. */
  createUser(name: string, keyPrefix: string): Promise<TestRedisUser>;
  /** Writes the binding folder and the client certificate of a user into a process's folder. */
  bind(
    folder: string,
    binding: string,
    user: TestRedisUser,
    changes?: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** Runs redis-cli as the admin and gives what it prints. */
  admin(...command: readonly string[]): Promise<string>;
  /** Gives the server a new certificate, as its agent does at half life. */
  renew(): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a throw-away Redis. Its programs come from MERIDIAN_REDIS_BIN, else from the engine cache
 * (MERIDIAN_CACHE).
 */
export async function startRedis(authority: TestAuthority): Promise<ThrowAwayRedis> {
  // Short: the path of a unix socket has at most 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), oddName));
  const server = new Server(folder, authority, await freePort());
  try {
    await server.prepare();
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

class Server implements ThrowAwayRedis {
  readonly host = ADDRESS;
  readonly port: number;
  readonly dataFolder: string;
  readonly #folder: string;
  readonly #authority: TestAuthority;
  readonly #bin: string;
  readonly #spec: ReturnType<typeof redisProcess>;
  #process: ChildProcess | undefined;
  #log = '';

  constructor(folder: string, authority: TestAuthority, port: number) {
    this.#folder = folder;
    this.dataFolder = join(folder, 'data');
    this.#authority = authority;
    this.port = port;
    this.#bin =
      process.env['MERIDIAN_REDIS_BIN'] ??
      join(process.env['MERIDIAN_CACHE'] ?? '/var/cache/meridian', 'redis/current/bin');
    this.#spec = redisProcess({ address: ADDRESS, port }, 'test');
  }

  async prepare(): Promise<void> {
    for (const name of ['self', 'data', 'run', 'credentials']) {
      await mkdir(join(this.#folder, name));
    }
    for (const [path, text] of Object.entries(this.#spec.files)) {
      await writeFile(join(this.#folder, 'self', path), this.#expand(text));
    }
    await this.#issue();
  }

  async start(): Promise<void> {
    const command = this.#spec.command.map((part) => this.#expand(part));
    engineStarted('redis');
    // A killed test runner must not leave a server behind.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (this.#log += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.#log += chunk));
    this.#process = child;
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        await this.admin('PING');
        return;
      } catch (error) {
        if (child.exitCode !== null || Date.now() > deadline) {
          throw new Error(`Redis did not start:\n${this.#log}`, { cause: error });
        }
        await delay(POLL_INTERVAL_MS);
      }
    }
  }

  async createUser(name: string, keyPrefix: string): Promise<TestRedisUser> {
    const passwordFile = join(this.#folder, 'credentials', name);
    const password = `password-of-${name}`;
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    const rules = serviceRules([keyPrefix]);
    await this.admin('ACL', 'SETUSER', name, 'reset', 'on', `>${password}`, ...rules);
    await this.admin('ACL', 'SAVE');
    return { name, keyPrefix, passwordFile };
  }

  async bind(
    folder: string,
    binding: string,
    user: TestRedisUser,
    changes: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const properties = {
      type: 'redis',
      provider: 'meridian',
      host: this.host,
      port: String(this.port),
      username: user.name,
      'password-file': user.passwordFile,
      'key-prefix': user.keyPrefix,
      'tls-folder': 'redis-tls',
      ...changes,
    };
    await mkdir(join(folder, 'bindings', binding), { recursive: true });
    for (const [key, value] of Object.entries(properties)) {
      await writeFile(join(folder, 'bindings', binding, key), value);
    }
    const identity = await this.#authority.issue({ commonName: user.name });
    writeIdentity(join(folder, 'redis-tls'), identity);
  }

  async admin(...command: readonly string[]): Promise<string> {
    const script = 'REDISCLI_AUTH=$(cat "$1") && export REDISCLI_AUTH && shift && exec "$@"';
    const cli = [join(this.#bin, 'redis-cli'), '-e', '-s', join(this.#folder, 'run', this.#socket)];
    const { stdout } = await execute('/bin/sh', [
      ...['-c', script, 'admin', join(this.#folder, 'data/admin-password')],
      ...[...cli, '--user', 'admin', ...command],
    ]);
    return stdout.trim();
  }

  async renew(): Promise<void> {
    await this.#issue();
    const { onRenew } = this.#spec;
    if (typeof onRenew !== 'string') await this.#run(onRenew.command);
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(name);
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  get #socket(): string {
    return `redis-${this.port}.sock`;
  }

  async #issue(): Promise<void> {
    const identity = await this.#authority.issue({ commonName: 'redis', addresses: [ADDRESS] });
    writeIdentity(join(this.#folder, 'self/tls'), identity);
  }

  async #run(command: readonly string[]): Promise<void> {
    const [file = '', ...args] = command.map((part) => this.#expand(part));
    await execute(file, args, { cwd: join(this.#folder, 'self') });
  }

  /** The agent's placeholders, for the folders of this server. */
  #expand(text: string): string {
    return expandPlaceholders(text.replace('${cache}/redis/current/bin', this.#bin), {
      self: join(this.#folder, 'self'),
      data: join(this.#folder, 'data'),
      runtime: join(this.#folder, 'run'),
      ...{ program: '', cache: '', state: '', node: '' },
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, ADDRESS);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('Not a TCP server');
  return address.port;
}
