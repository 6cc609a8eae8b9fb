import { runOutsideScope } from '@meridian/kit/call-scope.ts';
import { inBackground } from '@meridian/kit/background.ts';
import type { Database } from '@meridian/kit/postgres/database.ts';
import type { DedicatedSession } from '@meridian/kit/postgres/dedicated-session.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';

/** Channel of the notices that orders have changed; it belongs to its database. */
const CHANNEL = 'order_changes';

/** A notice has less than 8000 bytes (PostgreSQL, "NOTIFY"); an id and its comma have 37. */
const IDS_PER_NOTICE = 200;

/** How a watch works; the defaults are for production. */
export interface WatchSettings {
  /** Who may wait at once; whoever comes then is answered at once. */
  readonly waitersMax: number;
  /** A notice may be lost: what is waited for is looked at this often all the same. */
  readonly lookMs: number;
}

/** Half of the calls that a process serves at once by default, so that the others never wait for them. */
export const DEFAULT_WATCH_SETTINGS: WatchSettings = { waitersMax: 32, lookMs: 2_000 };

/** What a watch is made from. */
export interface WatchOptions {
  readonly database: Pick<Database, 'dedicate' | 'query'>;
  readonly log: Logger;
  readonly settings?: Partial<WatchSettings>;
}

/** Somebody who waits for an order to change. */
export interface Waiter {
  /** Resolves when the order may have changed, or after so long; true if it may have. */
  next(timeoutMs: number, signal: AbortSignal): Promise<boolean>;
  close(): void;
}

/**
 * Tells who waits for an order that it has changed, here or at another replica. Notices are sent after
 * the commit, on a session of their own: within a transaction a NOTIFY has all commits wait for each other
 * (PostgreSQL, async.c, PreCommit_Notify). One that is lost with its process is made up for by looking.
 */
export class OrderWatch {
  readonly #options: WatchOptions;
  readonly #settings: WatchSettings;
  readonly #waiters = new Map<string, Set<() => void>>();
  /** Ids whose change the other replicas have not been told. */
  readonly #untold = new Set<string>();
  #count = 0;
  #session: DedicatedSession | undefined;
  #telling = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#settings = { ...DEFAULT_WATCH_SETTINGS, ...options.settings };
  }

  /** Begins to listen, and to look now and then. */
  start(): void {
    runOutsideScope(() => {
      this.#timer = setInterval(
        () => inBackground('order watch', () => this.#look()),
        this.#settings.lookMs,
      ).unref();
      inBackground('order watch', () => this.#listen());
    });
  }

  /** Says that an order has changed here; never waits and never throws. */
  changed(orderId: string): void {
    this.#wake(orderId);
    this.#untold.add(orderId);
    runOutsideScope(() => inBackground('order notice', () => this.#tellOthers()));
  }

  /** A place to wait in; undefined if too many wait already, or the process leaves. */
  enter(orderId: string): Waiter | undefined {
    if (this.#closed || this.#count >= this.#settings.waitersMax) return undefined;
    this.#count += 1;
    let raised = false;
    let wake: (() => void) | undefined;
    const listener = (): void => {
      raised = true;
      wake?.();
    };
    const listeners = this.#waiters.get(orderId) ?? new Set();
    this.#waiters.set(orderId, listeners.add(listener));
    return {
      next: async (timeoutMs, signal) => {
        if (!raised && !signal.aborted && !this.#closed) {
          const { promise, resolve } = Promise.withResolvers<undefined>();
          wake = () => resolve(undefined);
          const timer = setTimeout(wake, timeoutMs);
          signal.addEventListener('abort', wake, { once: true });
          await promise;
          signal.removeEventListener('abort', wake);
          clearTimeout(timer);
        }
        const changed = raised;
        raised = false;
        return changed;
      },
      close: () => {
        this.#count -= 1;
        listeners.delete(listener);
        if (listeners.size === 0) this.#waiters.delete(orderId);
      },
    };
  }

  /** Whether nobody may wait any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Has everybody answered now who waits. */
  close(): void {
    this.#closed = true;
    for (const orderId of [...this.#waiters.keys()]) this.#wake(orderId);
  }

  /** Ends its session; after `close`. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#session?.close();
  }

  #wake(orderId: string): void {
    for (const listener of this.#waiters.get(orderId) ?? []) listener();
  }

  /** One notice at a time: what changes meanwhile goes with the next. */
  async #tellOthers(): Promise<void> {
    if (this.#telling) return;
    this.#telling = true;
    try {
      while (this.#untold.size > 0 && this.#session?.lost === false) {
        const ids = [...this.#untold].slice(0, IDS_PER_NOTICE);
        for (const id of ids) this.#untold.delete(id);
        await this.#session.query({
          name: 'order_notice',
          text: 'SELECT pg_notify($1, $2)',
          values: [CHANNEL, ids.join(',')],
        });
      }
    } finally {
      this.#telling = false;
      // Without a session nobody is told; those who wait elsewhere look by themselves.
      if (this.#session?.lost !== false) this.#untold.clear();
    }
  }

  async #listen(): Promise<void> {
    if (this.#session?.lost === false || this.#closed) return;
    const { database, log } = this.#options;
    try {
      const session = await database.dedicate();
      this.#session = session;
      await session.listen(CHANNEL, (payload) => {
        if (payload === undefined) return;
        for (const orderId of payload.split(',')) this.#wake(orderId);
      });
    } catch (err) {
      log.debug({ err }, 'changes of orders are looked for, as there is no session for notices');
    }
  }

  /** Has all who wait look themselves, where there may have been a notice that did not come. */
  async #look(): Promise<void> {
    for (const orderId of [...this.#waiters.keys()]) this.#wake(orderId);
    await this.#listen();
  }
}
