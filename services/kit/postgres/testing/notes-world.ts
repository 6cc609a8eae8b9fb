import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { TestWorld } from '../../testing/world.ts';
import { openDatabase } from '../database.ts';
import type { Database, DatabaseOptions, Statement } from '../database.ts';
import type { DatabaseWorld } from './database-world.ts';
import type { DatabaseProcess, Entry } from './database-world.ts';

/** How a process opens its database. */
export interface OpenOptions extends DatabaseOptions, Entry {
  /** Name of the database. @default 'notes' */
  readonly name?: string;
  /** Connections of the pool. @default 10 */
  readonly connections?: number;
}

/** Databases with a table of notes, and processes that use them as the kit does. */
export class NotesWorld {
  readonly databases: DatabaseWorld;
  readonly superuser: Pool;
  /** What the server calls the database and its service role. */
  readonly role: string;
  readonly #migrations: string;

  private constructor(databases: DatabaseWorld, superuser: Pool, migrations: string) {
    this.databases = databases;
    this.superuser = superuser;
    this.role = databases.nameOf('notes');
    this.#migrations = migrations;
  }

  /** @param databases whose the table is to be; the world closes them */
  static async create(databases: DatabaseWorld): Promise<NotesWorld> {
    const migrations = mkdtempSync(join(tmpdir(), 'meridian-migrations-'));
    writeFileSync(
      join(migrations, '1_notes.sql'),
      `CREATE TABLE notes (text text PRIMARY KEY CONSTRAINT short CHECK (char_length(text) < 40));`,
    );
    const superuser = await databases.createDatabase('notes', migrations);
    return new NotesWorld(databases, superuser, migrations);
  }

  get world(): TestWorld {
    return this.databases.world;
  }

  /** Another database with the table. */
  async createDatabase(name: string): Promise<void> {
    await this.databases.createDatabase(name, this.#migrations);
  }

  /** A process with a binding to the server, and a client certificate for a role. */
  async open(options: OpenOptions = {}): Promise<DatabaseProcess> {
    const { connections: databaseConnections, name = 'notes' } = options;
    const folder = await this.databases.prepare(name, { databaseConnections }, options);
    const process = await this.world.start(folder);
    return { ...process, database: openDatabase(process.runtime, `${name}-postgres`, options) };
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
    await this.databases.close();
    rmSync(this.#migrations, { recursive: true });
  }
}
