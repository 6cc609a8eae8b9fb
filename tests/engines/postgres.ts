import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runner } from 'node-pg-migrate';
import { Client, escapeIdentifier } from 'pg';
import { engineStarted } from '@meridian/provider-local/testing/engine-started.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { postgresBinaries } from '@meridian/provider-local/testing/postgres-binaries.ts';

const EVERYBODY = { rules: ['hostssl all all 127.0.0.1/32 cert'], maps: [] };

/** How long a server may take to answer its first connection; two busy cores need a while. */
const START_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 50;
const SUPERUSER = 'postgres';

/** A certificate and its key for the server, and the root of its clients' certificates, as PEM. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** What a test asks of a server. */
export interface PostgresOptions {
  /** For TLS 1.3 on a port of 127.0.0.1, for clients whose certificate's common name is their role. */
  readonly tls: ServerIdentity;
  /**
   * Lines of pg_hba.conf for connections over TLS, and of pg_ident.conf.
   * @default everybody whose certificate says so
   */
  readonly access?: { readonly rules: readonly string[]; readonly maps: readonly string[] };
  /** Parameters beside those of every server of a test, as `name=value`. @default none */
  readonly parameters?: readonly string[];
}

/** A PostgreSQL server of a test's own: real, empty, in a temporary folder. */
export interface ThrowAwayPostgres extends AsyncDisposable {
  /** Folder of the server's socket; pg takes it for `host`. */
  readonly socketFolder: string;
  /** The TCP port, and the number in the socket's name. */
  readonly port: number;
  /** A role that may do anything. */
  readonly superuser: string;
  /**
   * Creates a database as the platform does: an owner role that runs the migrations of `folder`, and
   * a service role named as the database that can read and write rows but change no schema.
   */
  createDatabase(name: string, folder: string): Promise<void>;
  /** Creates one with the tables and rows of another, whose owner they keep, and a service role. */
  copyDatabase(source: string, name: string): Promise<void>;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/**
 * Starts a throw-away PostgreSQL; takes a few seconds. Its programs come from MERIDIAN_POSTGRES_BIN,
 * else from the newest /usr/lib/postgresql. Throws if there is none, or for root, whom PostgreSQL
 * refuses.
 */
export async function startPostgres(options: PostgresOptions): Promise<ThrowAwayPostgres> {
  if (process.getuid?.() === 0) {
    throw new Error(
      'PostgreSQL refuses to run as root; run the tests as an ordinary user, as npm test does',
    );
  }
  const bin = postgresBinaries();
  // Short: the path of a unix socket has at most 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), 'mpg-'));
  const data = join(folder, 'data');
  await promisify(execFile)(join(bin, 'initdb'), [
    ...['--pgdata', data, '--username', SUPERUSER, '--auth', 'trust'],
    // Bytes must sort the same on every machine.
    ...['--encoding', 'UTF8', '--locale', 'C.UTF-8', '--no-sync'],
  ]);
  const { rules, maps } = options.access ?? EVERYBODY;
  await writeFile(join(data, 'pg_hba.conf'), lines(['local all all trust', ...rules]));
  await writeFile(join(data, 'pg_ident.conf'), lines(maps));
  const tls = await enableTls(data, options.tls);
  const port = await freePort('127.0.0.1');
  const parameters = [...tls, ...(options.parameters ?? [])];
  const server = new Server(folder, port, launch(bin, data, folder, port, parameters));
  try {
    await server.untilReady();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** Writes certificate and key; gives the settings that use them. */
async function enableTls(data: string, identity: ServerIdentity): Promise<readonly string[]> {
  await writeFile(join(data, 'server.crt'), identity.cert);
  await writeFile(join(data, 'server.key'), identity.key, { mode: 0o600 });
  await writeFile(join(data, 'root.crt'), identity.ca);
  return [
    'listen_addresses=127.0.0.1',
    ...['ssl=on', 'ssl_ca_file=root.crt', 'ssl_min_protocol_version=TLSv1.3'],
  ];
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

function launch(
  bin: string,
  data: string,
  socketFolder: string,
  port: number,
  parameters: readonly string[],
): ChildProcess {
  const settings = [
    `port=${port}`,
    `unix_socket_directories=${socketFolder}`,
    // Its data die with the test.
    ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'],
    'shared_buffers=32MB',
    ...parameters,
  ];
  engineStarted('postgres');
  // A killed test runner must not leave a server behind.
  return spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', '--', join(bin, 'postgres'), '-D', data],
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
}

class Server implements ThrowAwayPostgres {
  readonly socketFolder: string;
  readonly port: number;
  readonly superuser = SUPERUSER;
  readonly #process: ChildProcess;
  #log = '';

  constructor(socketFolder: string, port: number, process: ChildProcess) {
    this.socketFolder = socketFolder;
    this.port = port;
    this.#process = process;
    process.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.#log += chunk));
  }

  async untilReady(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      try {
        await this.#asSuperuser('postgres', (client) => client.query('SELECT 1'));
        return;
      } catch (error) {
        if (this.#process.exitCode !== null || Date.now() > deadline) {
          throw new Error(`PostgreSQL did not start:\n${this.#log}`, { cause: error });
        }
        await delay(POLL_INTERVAL_MS);
      }
    }
  }

  async createDatabase(name: string, folder: string): Promise<void> {
    const owner = escapeIdentifier(`${name}_owner`);
    await this.#asSuperuser('postgres', async (client) => {
      await client.query(`CREATE ROLE ${owner} NOLOGIN`);
      await client.query(`CREATE DATABASE ${escapeIdentifier(name)} OWNER ${owner}`);
    });
    await this.#asSuperuser(name, async (client) => {
      await client.query(`SET ROLE ${owner}`);
      await runner({
        dbClient: client,
        dir: resolve(folder),
        direction: 'up',
        migrationsTable: 'migrations',
        log: () => undefined,
      });
    });
    await this.#createServiceRole(name);
  }

  async copyDatabase(source: string, name: string): Promise<void> {
    await this.#asSuperuser('postgres', (client) =>
      client.query(
        `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(source)}`,
      ),
    );
    await this.#createServiceRole(name);
  }

  async #createServiceRole(name: string): Promise<void> {
    const role = escapeIdentifier(name);
    await this.#asSuperuser(name, async (client) => {
      await client.query(`CREATE ROLE ${role} LOGIN`);
      await client.query(
        `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`,
      );
      await client.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}`);
    });
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, 'exit');
      // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
      this.#process.kill('SIGINT');
      await exited;
    }
    await rm(this.socketFolder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #asSuperuser<T>(database: string, use: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({
      host: this.socketFolder,
      port: this.port,
      database,
      user: SUPERUSER,
    });
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  }
}
