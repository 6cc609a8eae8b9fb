import { join } from 'node:path';
import { Pool } from 'pg';
import { startPostgres } from '../../../../tests/engines/postgres.ts';
import type { ThrowAwayPostgres } from '../../../../tests/engines/postgres.ts';
import { openDatabase } from '../../postgres/database.ts';
import type { Database, DatabaseOptions } from '../../postgres/database.ts';
import { writeIdentity } from '../../testing/authority.ts';
import { writeBinding } from '../../testing/bindings.ts';
import { TestWorld } from '../../testing/world.ts';
import type { TestProcess } from '../../testing/world.ts';

/** A process with a database. */
export interface DatabaseProcess extends TestProcess {
  readonly database: Database;
}

/** A PostgreSQL over TLS, and processes that use it as the kit does. */
export class EventWorld {
  readonly world: TestWorld;
  readonly postgres: ThrowAwayPostgres;
  readonly #superusers: Pool[] = [];

  private constructor(world: TestWorld, postgres: ThrowAwayPostgres) {
    this.world = world;
    this.postgres = postgres;
  }

  static async create(): Promise<EventWorld> {
    const world = await TestWorld.create();
    const tls = await world.authority.issue({ addresses: ['127.0.0.1'] });
    return new EventWorld(world, await startPostgres({ tls }));
  }

  /** Creates a database from a folder of migrations; returns a superuser's pool of it. */
  async createDatabase(name: string, migrations: string): Promise<Pool> {
    await this.postgres.createDatabase(name, migrations);
    const { socketFolder: host, port, superuser: user } = this.postgres;
    const pool = new Pool({ host, port, user, database: name });
    pool.on('error', () => undefined);
    this.#superusers.push(pool);
    return pool;
  }

  /** The folder of a process with a binding to the database of that name, and a certificate for it. */
  async prepare(
    name: string,
    configuration: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const folder = await this.world.prepare(name, configuration);
    writeBinding(folder, `${name}-postgres`, {
      type: 'postgresql',
      host: '127.0.0.1',
      port: String(this.postgres.port),
      database: name,
      username: name,
      sslmode: 'verify-full',
      'tls-folder': 'postgres-tls',
    });
    writeIdentity(
      join(folder, 'postgres-tls'),
      await this.world.authority.issue({ commonName: name }),
    );
    return folder;
  }

  /** A process of that name with its database open. */
  async open(name: string, options: DatabaseOptions = {}): Promise<DatabaseProcess> {
    const process = await this.world.start(await this.prepare(name));
    return { ...process, database: openDatabase(process.runtime, `${name}-postgres`, options) };
  }

  async close(): Promise<void> {
    await this.world.close();
    await Promise.all(this.#superusers.map((pool) => pool.end()));
    await this.postgres.stop();
  }
}
