import { join } from 'node:path';
import { Pool } from 'pg';
import { startPostgres } from '../../../../tests/engines/postgres.ts';
import type { ThrowAwayPostgres } from '../../../../tests/engines/postgres.ts';
import { sharedAuthority, sharedPostgres } from '../../../../tests/engines/shared-engines.ts';
import type { SharedPostgres } from '../../../../tests/engines/shared-engines.ts';
import { writeIdentity } from '../../testing/authority.ts';
import { writeBinding } from '../../testing/bindings.ts';
import { TestWorld } from '../../testing/world.ts';
import type { TestProcess } from '../../testing/world.ts';
import { openDatabase } from '../database.ts';
import type { Database, DatabaseOptions } from '../database.ts';

/** A process with a database. */
export interface DatabaseProcess extends TestProcess {
  readonly database: Database;
}

/** Another way into a database than the one that works. */
export interface Entry {
  /** Common name of the certificate. @default the database's name */
  readonly role?: string;
  /** @default '127.0.0.1' */
  readonly host?: string;
}

/** Databases of a PostgreSQL over TLS, and processes that use them as the kit does. */
export class DatabaseWorld {
  readonly world: TestWorld;
  readonly server: Pick<SharedPostgres, 'socketFolder' | 'port'>;
  readonly #own: ThrowAwayPostgres | undefined;
  readonly #create: SharedPostgres['createDatabase'];
  readonly #names = new Map<string, string>();
  readonly #superusers: Pool[] = [];

  private constructor(world: TestWorld, server: SharedPostgres, own?: ThrowAwayPostgres) {
    this.world = world;
    this.server = server;
    this.#own = own;
    this.#create = (name, migrations) => server.createDatabase(name, migrations);
  }

  /** Databases of its own on the server that all suites of a run share. */
  static async create(): Promise<DatabaseWorld> {
    const [authority, server] = await Promise.all([sharedAuthority(), sharedPostgres()]);
    return new DatabaseWorld(await TestWorld.create(authority), server);
  }

  /** Databases on a server of its own, for tests that stop it; takes a second or two. */
  static async createAlone(): Promise<DatabaseWorld> {
    const world = await TestWorld.create();
    const tls = await world.authority.issue({ addresses: ['127.0.0.1'] });
    const own = await startPostgres({ tls });
    const { socketFolder, port } = own;
    const createDatabase = (name: string, migrations: string): Promise<string> =>
      own.createDatabase(name, migrations).then(() => name);
    return new DatabaseWorld(world, { socketFolder, port, createDatabase }, own);
  }

  /** Creates a database from a folder of migrations; returns a superuser's pool of it. */
  async createDatabase(name: string, migrations: string): Promise<Pool> {
    const created = await this.#create(name, migrations);
    this.#names.set(name, created);
    const { socketFolder: host, port } = this.server;
    const pool = new Pool({ host, port, user: 'postgres', database: created });
    pool.on('error', () => undefined);
    this.#superusers.push(pool);
    return pool;
  }

  /** What the server calls a database, and its service role, that a test calls so. */
  nameOf(name: string): string {
    return this.#names.get(name) ?? name;
  }

  /** The folder of a process with a binding to the database of that name, and a certificate for it. */
  async prepare(
    name: string,
    configuration: Readonly<Record<string, unknown>> = {},
    { role = this.nameOf(name), host = '127.0.0.1' }: Entry = {},
  ): Promise<string> {
    const folder = await this.world.prepare(name, configuration);
    writeBinding(folder, `${name}-postgres`, {
      type: 'postgresql',
      host,
      port: String(this.server.port),
      database: this.nameOf(name),
      username: this.nameOf(name),
      sslmode: 'verify-full',
      'tls-folder': 'postgres-tls',
    });
    const issued = await this.world.authority.issue({ commonName: role });
    writeIdentity(join(folder, 'postgres-tls'), issued);
    return folder;
  }

  /** A process of that name with its database open. */
  async open(name: string, options: DatabaseOptions = {}): Promise<DatabaseProcess> {
    const process = await this.world.start(await this.prepare(name));
    return { ...process, database: openDatabase(process.runtime, `${name}-postgres`, options) };
  }

  /** Stops the server of a world that has its own. */
  async stopServer(): Promise<void> {
    if (this.#own === undefined) throw new Error('PostgreSQL is shared; create the world alone');
    await this.#own.stop();
  }

  async close(): Promise<void> {
    await this.world.close();
    await Promise.all(this.#superusers.map((pool) => pool.end()));
    await this.#own?.stop();
  }
}
