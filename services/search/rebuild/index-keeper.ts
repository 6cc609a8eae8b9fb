import { setTimeout as delay } from 'node:timers/promises';
import { settleInBackground } from '@meridian/kit/background.ts';
import { runOutsideScope } from '@meridian/kit/call-scope.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { IndexAdmin } from '../index-admin.ts';
import { Rebuild } from './rebuild.ts';
import type { RebuildWorld } from './rebuild.ts';
import type { RebuildRecord } from './rebuild-record.ts';

const LOOK_INTERVAL_MS = 5_000;
/** Topics keep a week: what is missed is seen long before it matters to anybody. */
const GAP_INTERVAL_MS = 600_000;

/**
 * Sees to it that there is an index, and that it is whole: builds it where there is none, as at a first
 * start, or where events have gone before they were applied, and clears up after a rebuild that died.
 * Each replica of the active release looks; the record lets one of them work.
 */
export class IndexKeeper {
  readonly #world: RebuildWorld;
  readonly #admin: IndexAdmin;
  readonly #stop = new AbortController();
  #looking: Promise<void> | undefined;
  #working: Promise<void> = Promise.resolve();
  #gapLookedMs = -Infinity;

  constructor(world: RebuildWorld) {
    this.#world = world;
    this.#admin = new IndexAdmin(world.search);
  }

  /** Begins to look, in the background. */
  start(): void {
    this.#looking ??= this.#lookOnAndOn();
  }

  /** Begins a rebuild that goes on in the background. Throws FAILED_PRECONDITION while one runs. */
  async rebuild(): Promise<RebuildRecord> {
    const rebuild = await Rebuild.begin(this.#world, this.#stop.signal);
    const { record } = rebuild;
    // It outlives the call, whose deadline would end it and its signs of life.
    this.#working = runOutsideScope(() => settleInBackground('index rebuild', () => rebuild.run()));
    return record;
  }

  /** The last rebuild; undefined if there was none. */
  last(): Promise<RebuildRecord | undefined> {
    return this.#world.records.last();
  }

  /** Ends what runs; a rebuild is given up, and another replica begins a new one if it must. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the process that rebuilt the index leaves'));
    await this.#looking;
    await this.#working;
  }

  async #lookOnAndOn(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      if (this.#world.search.isThere) await settleInBackground('index keeper', () => this.look());
      const stopped = (): void => undefined;
      const waitMs = this.#world.search.isThere ? LOOK_INTERVAL_MS : LOOK_INTERVAL_MS / 10;
      await delay(waitMs, undefined, { signal, ref: false }).catch(stopped);
    }
  }

  /** Does once what is to be done, if no other replica does. */
  async look(): Promise<void> {
    const { records, log } = this.#world;
    const last = await records.last();
    if (last !== undefined && records.isAlive(last)) return;
    const reason = await this.#reasonToBuild(last);
    const died = last !== undefined && last.phase !== 'done' && last.phase !== 'failed';
    if (reason === undefined && !died && last?.unsettled === undefined) return;
    try {
      const rebuild = await Rebuild.begin(this.#world, this.#stop.signal);
      log.info({ reason: reason ?? 'a rebuild died', build: rebuild.record.build }, 'index keeper');
      await (reason === undefined ? rebuild.clearUp() : rebuild.run());
    } catch (error) {
      // Another replica has begun.
      const isTaken = error instanceof RpcError && error.status === 'FAILED_PRECONDITION';
      if (!isTaken) throw error;
    }
  }

  async #reasonToBuild(last: RebuildRecord | undefined): Promise<string | undefined> {
    if ((await this.#admin.current()) === undefined) return 'there is no index';
    const nowMs = performance.now();
    if (nowMs - this.#gapLookedMs < GAP_INTERVAL_MS) return undefined;
    const hasGap = await this.#world.events.hasGap(last?.covered ?? {});
    this.#gapLookedMs = nowMs;
    return hasGap ? 'events have gone that the index lacks' : undefined;
  }
}
