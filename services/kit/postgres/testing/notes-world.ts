import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { startPostgres } from '../../../../tests/engines/postgres.ts';
import type { ThrowAwayPostgres } from '../../../../tests/engines/postgres.ts';
import { writeIdentity } from '../../testing/authority.ts';
import { TestWorld } from '../../testing/world.ts';
import type { TestProcess } from '../../testing/world.ts';
import { openDatabase } from '../database.ts';
import type { Database, DatabaseOptions, Statement } from '../database.ts';

/** How a process opens its database. */
export interface OpenOptions extends DatabaseOptions {
  /** Common name of its certificate. @default the database's name */
  readonly role?: string;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** Name of the database, and of the role. @default 'notes' */
  readonly name?: string;
  /** Connections of the pool. @default 10 */
  readonly connections?: number;
}

/** A process with a database. */
export type NotesProcess = TestProcess & { readonly database: Database };

/** A PostgreSQL over TLS with a table of notes, and processes that use it as the kit does. */
export class NotesWorld {
  readonly world: TestWorld;
  readonly postgres: ThrowAwayPostgres;
  readonly superuser: Pool;
  /** Folder of the table's migration. */
  readonly migrations: string;

  private constructor(world: TestWorld, postgres: ThrowAwayPostgres, migrations: string) {
    this.world = world;
    this.postgres = postgres;
    this.migrations = migrations;
    const { socketFolder: host, port, superuser: user } = postgres;
    this.superuser = new Pool({ host, port, user, database: 'notes' });
    this.superuser.on('error', () => undefined);
  }

  static async create(): Promise<NotesWorld> {
    const world = await TestWorld.create();
    const tls = await world.authority.issue({ addresses: ['127.0.0.1'] });
    const postgres = await startPostgres({ tls });
    const migrations = mkdtempSync(join(tmpdir(), 'meridian-migrations-'));
    writeFileSync(
      join(migrations, '1_notes.sql'),
      `CREATE TABLE notes (text text PRIMARY KEY CONSTRAINT short CHECK (char_length(text) < 40));`,
    );
    await postgres.createDatabase('notes', migrations);
    return new NotesWorld(world, postgres, migrations);
  }

  /** A process with a binding to the server, and a client certificate for a role. */
  async open(options: OpenOptions = {}): Promise<NotesProcess> {
    const { connections: databaseConnections, name = 'notes' } = options;
    const folder = await this.world.prepare('notes', { databaseConnections });
    const binding = join(folder, 'bindings/notes-postgres');
    mkdirSync(binding);
    const properties = {
      type: 'postgresql',
      host: options.host ?? '127.0.0.1',
      port: String(this.postgres.port),
      database: name,
      username: name,
      sslmode: 'verify-full',
      'tls-folder': 'postgres-tls',
    };
    for (const [key, value] of Object.entries(properties)) writeFileSync(join(binding, key), value);
    const issued = await this.world.authority.issue({ commonName: options.role ?? name });
    writeIdentity(join(folder, 'postgres-tls'), issued);
    const process = await this.world.start(folder);
    return { ...process, database: openDatabase(process.runtime, 'notes-postgres', options) };
  }

  insert(text: string): Statement {
    return { name: 'insert_note', text: 'INSERT INTO notes VALUES ($1)', values: [text] };
  }

  async count(database: Database, text: string): Promise<number> {
    const [row] = await database.query<{ count: number }>({
      name: 'count_notes',
      text: 'SELECT count(*)::int AS count FROM notes WHERE text = $1',
      values: [text],
    });
    return row?.count ?? -1;
  }

  async close(): Promise<void> {
    await this.world.close();
    await this.superuser.end();
    await this.postgres.stop();
    rmSync(this.migrations, { recursive: true });
  }
}
