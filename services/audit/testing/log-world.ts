import { join } from 'node:path';
import { expect } from '@jest/globals';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { DatabaseProcess } from '@meridian/kit/postgres/testing/database-world.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { MainProcess } from '@meridian/kit/testing/main-process.ts';
import { SigningKey } from '@meridian/kit/tls/signing-key.ts';
import type { Pool } from 'pg';
import { EventStore } from '../event-store.ts';
import { HeadStore } from '../head-store.ts';
import type { StoredHead } from '../head-store.ts';
import { logMetrics } from '../log/log-metrics.ts';
import { Sequencer } from '../log/sequencer.ts';
import type { SequencerOptions } from '../log/sequencer.ts';
import { startSuccessor } from '../log/start-successor.ts';
import type { Successor, SuccessorOptions } from '../log/start-successor.ts';
import type { Publication, Publications } from '../publication/publication.ts';
import { eventOf } from './events.ts';
import type { KillPoint } from './kill-points.ts';
import { placesFrom } from './publication-in-memory.ts';
import { ORIGIN, QUICK } from './settings.ts';

/** A database with the tables of audit, and sequencers of it. */
export class LogWorld {
  readonly databases: DatabaseWorld;
  readonly superuser: Pool;
  readonly process: DatabaseProcess;
  readonly key: SigningKey;
  readonly #sequencers: Sequencer[] = [];
  readonly #children: MainProcess[] = [];

  private constructor(
    databases: DatabaseWorld,
    superuser: Pool,
    process: DatabaseProcess,
    key: SigningKey,
  ) {
    this.databases = databases;
    this.superuser = superuser;
    this.process = process;
    this.key = key;
  }

  static async create(): Promise<LogWorld> {
    const databases = await DatabaseWorld.create();
    const superuser = await databases.createDatabase('audit', 'services/audit/migrations');
    const process = await databases.open('audit');
    const folder = join(process.folder, 'checkpoint-signing');
    const uris = [process.runtime.configuration.spiffeId];
    writeIdentity(folder, await databases.world.authority.issue({ uris, signs: true }));
    return new LogWorld(databases, superuser, process, SigningKey.open(folder));
  }

  /** The newest published head; undefined while there is none. */
  newestHead(): Promise<StoredHead | undefined> {
    return new HeadStore(this.process.database).newest();
  }

  /** Adds an event for each version of an aggregate. */
  add(subject: string, versions: number): Promise<number> {
    const events = Array.from({ length: versions }, (_, at) => eventOf(subject, at + 1));
    return new EventStore(this.process.database).add(events);
  }

  async untilPublished(size: bigint): Promise<void> {
    await eventually(async () => expect((await this.newestHead())?.size).toBe(size));
  }

  /** The events that have places in the log, in their order. */
  async placed(): Promise<readonly string[]> {
    const { rows } = await this.superuser.query<{ index: string; id: string }>(
      'SELECT index, id FROM entries JOIN log_head USING (log) ORDER BY index',
    );
    expect(rows.map(({ index }) => Number(index))).toEqual(rows.map((_, at) => at));
    return rows.map(({ id }) => id);
  }

  /** Starts a sequencer; it is stopped with the others. */
  sequence(
    publication: Publication,
    { settings, ...changes }: Partial<SequencerOptions> = {},
  ): Sequencer {
    const { database, runtime } = this.process;
    const sequencer = new Sequencer({
      database,
      publications: placesFrom(1, publication),
      key: this.key,
      log: runtime.log,
      metrics: logMetrics(runtime.metrics.registry),
      origin: ORIGIN,
      roots: () => String(runtime.identity.current.options.ca),
      settings: { ...QUICK, ...settings },
      ...changes,
    });
    this.#sequencers.push(sequencer);
    sequencer.start();
    return sequencer;
  }

  /** Begins the successor of the log. */
  succeed(
    publications: Publications,
    options: Pick<SuccessorOptions, 'anyway'> = {},
  ): Promise<Successor> {
    const { database, runtime } = this.process;
    const { log } = runtime;
    const roots = String(runtime.identity.current.options.ca);
    return startSuccessor(database, { publications, name: ORIGIN, roots, log, ...options });
  }

  /** Starts one in a process of its own, whom a signal hits when it passes a point. */
  async sequenceApart(
    publicationFolder: string,
    { signal = 'SIGKILL', point = '' }: { signal?: NodeJS.Signals; point?: KillPoint | '' } = {},
  ): Promise<MainProcess> {
    const folder = await this.databases.prepare('audit');
    await this.databases.world.issueSigningKey(folder, 'checkpoint-signing', 'audit');
    const child = new MainProcess(new URL('./sequencer-main.ts', import.meta.url), folder, {
      arguments: [publicationFolder, signal, point],
    });
    this.#children.push(child);
    return child;
  }

  /** Empties all tables, which takes a superuser without triggers. */
  async reset(): Promise<void> {
    await this.stopAll();
    await this.asTamperer(
      `TRUNCATE events, pending, entries, tiles, checkpoints, log_keys, reads, gaps;
       UPDATE log_head SET log = 1, origin = NULL, size = 0, root = sha256(''), edge = '{}'`,
    );
  }

  /** Runs statements as a superuser whom triggers do not stop. */
  async asTamperer(statements: string): Promise<void> {
    await this.superuser.query(`BEGIN; SET LOCAL session_replication_role = replica;
      ${statements}; COMMIT`);
  }

  async stopAll(): Promise<void> {
    await Promise.all([
      ...this.#sequencers.splice(0).map((sequencer) => sequencer.stop()),
      ...this.#children.splice(0).map((child) => child.stop('SIGKILL')),
    ]);
  }

  async close(): Promise<void> {
    await this.stopAll();
    this.key.close();
    await this.databases.close();
  }
}
