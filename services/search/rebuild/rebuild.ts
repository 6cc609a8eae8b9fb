import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Elasticsearch } from '@meridian/kit/elasticsearch/elasticsearch.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import { IndexAdmin, newBuild } from '../index-admin.ts';
import { IndexWriter } from '../index-writer.ts';
import type { ProductChange } from '../product-document.ts';
import type { CatalogueEvents, Following } from './catalogue-events.ts';
import type { CatalogueWalk } from './catalogue-walk.ts';
import { lackingOf, stillLacking, unknownProducts } from './compare.ts';
import type { Wanted } from './compare.ts';
import { LEASE_MS, RebuildLostError } from './rebuild-record.ts';
import type { RebuildLease, RebuildRecord, RebuildRecords } from './rebuild-record.ts';

/** What a rebuild works with. */
export interface RebuildWorld {
  readonly search: Elasticsearch;
  readonly records: RebuildRecords;
  readonly events: CatalogueEvents;
  readonly walk: CatalogueWalk;
  readonly log: Logger;
  /** Between signs of life. @default HEARTBEAT_MS */
  readonly heartbeatMs?: number;
  /** Is told of each step before it is made; tests end a rebuild by it. */
  readonly before?: (step: RebuildStep) => Promise<void> | void;
}

/** The steps of a rebuild, in their order. */
export const REBUILD_STEPS = [
  'sweep',
  'start',
  'create',
  'read',
  'follow',
  'compare',
  'intend',
  'switch',
  'settle',
  'remove',
  'finish',
] as const;
export type RebuildStep = (typeof REBUILD_STEPS)[number];

/** Says that it lives, this often. */
const HEARTBEAT_MS = LEASE_MS / 6;

/** An Elasticsearch that starts again is back within these. */
const ATTEMPTS_MAX = 60;
const PAUSE_MS = 500;

/** Lacking products that a message names. */
const NAMED_MAX = 5;

/**
 * Builds the index of products again from the catalogue, beside the one in use, and puts it in its place
 * (ADR 58). It may end anywhere: what it leaves is removed by the next, and an index that has taken over
 * without all events is told by the record.
 */
export class Rebuild {
  readonly #world: RebuildWorld;
  readonly #lease: RebuildLease;
  readonly #admin: IndexAdmin;
  readonly #writer: IndexWriter;
  readonly #lost = new AbortController();
  readonly #signal: AbortSignal;

  private constructor(world: RebuildWorld, lease: RebuildLease, signal: AbortSignal) {
    this.#world = world;
    this.#lease = lease;
    this.#signal = AbortSignal.any([signal, this.#lost.signal]);
    this.#admin = new IndexAdmin(world.search);
    this.#writer = new IndexWriter(world.search, this.#admin.buildAlias(lease.record.build));
  }

  /** Takes the lease. Throws FAILED_PRECONDITION while another rebuild lives. */
  static async begin(world: RebuildWorld, signal: AbortSignal): Promise<Rebuild> {
    const build = newBuild(new Date(), randomUUID().slice(0, 8));
    return new Rebuild(world, await world.records.begin(build), signal);
  }

  get record(): RebuildRecord {
    return this.#lease.record;
  }

  /** Builds and switches; a failure is in the record, if it can be written there, and thrown. */
  run(): Promise<void> {
    return this.#alive(async () => {
      await this.#settleEarlier();
      await this.#build();
    });
  }

  /** Only clears up after one that died: applies what its index lacks, and removes what it left. */
  clearUp(): Promise<void> {
    return this.#alive(async () => {
      await this.#settleEarlier();
      await this.#sweep();
      await this.#lease.update({ phase: 'failed', error: 'the one before it died' });
    });
  }

  async #build(): Promise<void> {
    const { events } = this.#world;
    const { build } = this.record;
    await this.#step('sweep', () => this.#sweep());
    const from = await this.#step('start', () => events.start());
    await this.#step('create', () => this.#admin.create(build));
    await this.#step('read', () => this.#read());
    await using following = await events.follow(build, from, (changes) => this.#apply(changes));
    await this.#step('follow', () => this.#follow(following));
    await this.#step('compare', () => this.#compare(following));
    await this.#step('intend', () =>
      this.#lease.update({ phase: 'switching', unsettled: { build, from } }),
    );
    await this.#step('switch', () => this.#admin.switchTo(build));
    // What was on its way to the index before it is in the topic, and before this place.
    const covered = await this.#step('settle', async () => {
      const end = await events.end();
      await following.reach(end, this.#signal);
      return end;
    });
    await this.#step('remove', () => this.#sweep());
    const finished = { unsettled: undefined, covered, eventsFollowed: following.count };
    await this.#step('finish', () => this.#lease.update({ phase: 'done', ...finished }));
    this.#world.log.info({ build, events: this.record.eventsFollowed }, 'the index is rebuilt');
  }

  /** Removes every index but the one in use; a rebuild that is taken for dead cannot switch to its own then. */
  async #sweep(): Promise<void> {
    const all = await this.#admin.list();
    const { index } = this.#world.search;
    for (const { name, aliases } of all)
      if (!aliases.includes(index)) await this.#admin.remove(name);
  }

  async #read(): Promise<void> {
    let productsRead = 0;
    for await (const page of this.#world.walk.pages(this.#signal)) {
      await this.#apply(page);
      productsRead += page.length;
      await this.#lease.update({ productsRead });
    }
  }

  async #follow(following: Following): Promise<void> {
    await this.#lease.update({ phase: 'following' });
    await following.reach(await this.#world.events.end(), this.#signal);
    await this.#lease.update({ phase: 'comparing', eventsFollowed: following.count });
  }

  /** Holds count and versions against the catalogue as it is now. Throws an Error that says what is lacking. */
  async #compare(following: Following): Promise<void> {
    const { events, search, walk } = this.#world;
    const seen = new Set<string>();
    const lacking: Wanted = new Map();
    for await (const page of walk.pages(this.#signal)) {
      for (const { productId } of page) seen.add(productId);
      for (const [id, versions] of await lackingOf(page, this.#writer)) lacking.set(id, versions);
      await this.#lease.update({ productsCompared: seen.size });
    }
    // What has changed since was on its way.
    await following.reach(await events.end(), this.#signal);
    const never = await stillLacking(lacking, this.#writer);
    await this.#admin.refresh(this.record.build);
    const index = this.#admin.nameOf(this.record.build);
    const unknown = await unknownProducts(search, index, { seen, walk, signal: this.#signal });
    if (never.size > 0) throw new Error(`the new index lacks ${named([...never.keys()])}`);
    if (unknown.length > 0) throw new Error(`the catalogue does not know ${named(unknown)}`);
  }

  /** Applies the events that an index may lack because its rebuild ended just after the switch. */
  async #settleEarlier(): Promise<void> {
    const { build, unsettled } = this.record;
    if (unsettled === undefined) return;
    const current = await this.#admin.current();
    if (current === this.#admin.nameOf(unsettled.build)) {
      const { events, search } = this.#world;
      const writer = new IndexWriter(search, search.index);
      const apply = (changes: readonly ProductChange[]) => writer.apply(changes);
      await using following = await events.follow(build, unsettled.from, apply);
      await following.reach(await events.end(), this.#signal);
    }
    await this.#lease.update({ unsettled: undefined });
  }

  /** Applies changes, and waits a while for what is away. */
  async #apply(changes: readonly ProductChange[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#writer.apply(changes);
        return;
      } catch (error) {
        const passes = error instanceof RpcError && error.status === 'UNAVAILABLE';
        if (!passes || attempt === ATTEMPTS_MAX) throw error;
        await delay(PAUSE_MS, undefined, { signal: this.#signal });
      }
    }
  }

  async #step<Result>(step: RebuildStep, work: () => Promise<Result>): Promise<Result> {
    this.#signal.throwIfAborted();
    await this.#world.before?.(step);
    return work();
  }

  /** Works, and says meanwhile that it lives. */
  async #alive(work: () => Promise<void>): Promise<void> {
    const { log } = this.#world;
    const { build } = this.record;
    const heartbeat = setInterval(() => {
      this.#lease.update({}).catch((err: unknown) => {
        log.warn({ err, build }, 'no sign of life');
        if (err instanceof RebuildLostError) this.#lost.abort(err);
      });
    }, this.#world.heartbeatMs ?? HEARTBEAT_MS).unref();
    try {
      await work();
    } catch (error) {
      await this.#giveUp(error);
      throw error;
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** Says why. The record is left as it is where the index has taken over: it is to be settled. */
  async #giveUp(error: unknown): Promise<void> {
    const { log } = this.#world;
    const { build } = this.record;
    log.error({ err: error, build }, 'a rebuild of the index is given up');
    try {
      const message = error instanceof Error ? error.message : String(error);
      await this.#lease.update({ phase: 'failed', error: message });
    } catch (err) {
      log.warn({ err, build }, 'that a rebuild was given up is not recorded; its lease runs out');
    }
  }
}

function named(ids: readonly string[]): string {
  const first = ids.slice(0, NAMED_MAX).join(', ');
  return `${ids.length} products: ${first}${ids.length > NAMED_MAX ? ', …' : ''}`;
}
