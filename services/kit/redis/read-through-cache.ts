import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Counter } from 'prom-client';
import { inBackground } from '../background.ts';
import { LABELS } from '../telemetry/names.ts';
import { FILL, FORGET, READ } from './cache-scripts.ts';
import { OwedInvalidations } from './owed-invalidations.ts';
import { RedisUnavailableError } from './redis-error.ts';
import type { Redis } from './redis.ts';

/** A value with its place in the order of its changes. */
export interface Revised<T> {
  readonly value: T;
  /** Later ones are greater as text; no spaces. */
  readonly revision: string;
}

/** Something that was changed, and how far. */
export interface Changed {
  readonly id: string;
  readonly revision: string;
}

/** What a cache keeps, and for how long. */
export interface CacheOptions<T> {
  /** First part of its keys, and its name in metrics. */
  readonly name: string;
  /** Counted up when `encode` changes: a value of another schema is as good as none. */
  readonly schema: number;
  /** How stale a value may be when its invalidation was lost; up to a tenth less, by chance. */
  readonly timeToLiveMs: number;
  /** The same for what was not found. */
  readonly absentTimeToLiveMs: number;
  readonly encode: (value: T) => string;
  readonly decode: (text: string) => T;
}

/** Where what is not cached comes from. */
export type Load<T> = () => Promise<Revised<T> | undefined>;

/** Longer than any load: within this time nobody puts an older revision in the place of a newer one. */
const TOMBSTONE_MS = 30_000;
const MAX_LOAD_MS = TOMBSTONE_MS / 3;

/** How long one process may load a value for all before another does. */
const LOCK_MS = 250;
const POLL_MS = 10;

/** Keys of one script. */
const BATCH = 500;

/** What a read that loads is counted as, by what the cache had to say. */
const LOADED_AFTER = {
  lead: 'miss',
  wait: 'miss',
  away: 'bypassed',
  unreadable: 'unreadable',
} as const;

/** What was not found is older than whatever is created. */
const ABSENT_REVISION = '0';
const ABSENT = '';

/**
 * A cache in Redis that reads through to the truth. A cold value is loaded by one caller of one
 * process; the others wait for it. A value that was read before a change and comes late does not
 * replace what is newer: keys know the revision below which nothing is taken. Without Redis every
 * read loads, and so does one of a value that cannot be decoded; one that cannot be encoded is not kept.
 */
export class ReadThroughCache<T> {
  readonly #redis: Redis;
  readonly #options: CacheOptions<T>;
  readonly #reads: Counter;
  readonly #flights = new Map<string, Promise<Revised<T> | undefined>>();
  readonly #owed: OwedInvalidations;

  constructor(redis: Redis, reads: Counter, options: CacheOptions<T>) {
    this.#redis = redis;
    this.#reads = reads;
    this.#options = options;
    this.#owed = new OwedInvalidations(options.timeToLiveMs, (batch) => this.#bury(batch));
  }

  /** The value, or undefined when there is none; throws what `load` throws. */
  async read(id: string, load: Load<T>): Promise<T | undefined> {
    const token = randomUUID();
    const deadlineMs = performance.now() + LOCK_MS;
    for (;;) {
      const seen = await this.#look(id, token);
      if (seen.kind === 'hit') {
        this.#count(seen.value === undefined ? 'absent' : 'hit');
        return seen.value;
      }
      // A caller that knows of a newer revision does not join a load that may have begun before it.
      const flight = `${id} ${seen.revision}`;
      const joined = this.#flights.get(flight);
      if (joined !== undefined) {
        this.#count('joined');
        // The loader may have had less time left than we have.
        return (await joined.catch(load))?.value;
      }
      if (seen.kind !== 'wait' || performance.now() >= deadlineMs) {
        this.#count(LOADED_AFTER[seen.kind]);
        return (await this.#fly(flight, id, token, load))?.value;
      }
      await delay(POLL_MS);
    }
  }

  /** Makes sure that no older revision of what was changed is read from now on; never throws. */
  async forget(changed: readonly Changed[]): Promise<void> {
    this.#flights.clear();
    for (let start = 0; start < changed.length; start += BATCH) {
      const batch = changed.slice(start, start + BATCH);
      if (!(await this.#bury(batch))) this.#owed.add(batch);
    }
  }

  async #look(
    id: string,
    token: string,
  ): Promise<
    | { readonly kind: 'hit'; readonly value: T | undefined }
    | { readonly kind: keyof typeof LOADED_AFTER; readonly revision: string }
  > {
    const answer = await this.#attempt(() =>
      this.#redis.run(READ, this.#keys(id), [String(this.#options.schema), token, String(LOCK_MS)]),
    );
    if (!Array.isArray(answer)) return { kind: 'away', revision: '' };
    const [kind, text] = answer as [string, string];
    if (kind !== 'hit') return { kind: kind === 'lead' ? 'lead' : 'wait', revision: text };
    try {
      return { kind, value: text === ABSENT ? undefined : this.#options.decode(text) };
    } catch (error) {
      inBackground(this.#task, () => {
        throw error;
      });
      return { kind: 'unreadable', revision: '' };
    }
  }

  #fly(flight: string, id: string, token: string, load: Load<T>): Promise<Revised<T> | undefined> {
    const startMs = performance.now();
    const loading = load();
    this.#flights.set(flight, loading);
    const landed = loading.finally(() => {
      if (this.#flights.get(flight) === loading) this.#flights.delete(flight);
    });
    // The answer does not wait for the cache.
    inBackground(this.#task, () =>
      landed.then(
        (found) =>
          performance.now() - startMs < MAX_LOAD_MS ? this.#fill(id, token, found) : undefined,
        () => this.#attempt(() => this.#redis.delete(this.#keys(id).slice(1))),
      ),
    );
    return landed;
  }

  async #fill(id: string, token: string, found: Revised<T> | undefined): Promise<void> {
    const { schema, encode, timeToLiveMs, absentTimeToLiveMs } = this.#options;
    const longest = found === undefined ? absentTimeToLiveMs : timeToLiveMs;
    await this.#attempt(() =>
      this.#redis.run(FILL, this.#keys(id), [
        found?.revision ?? ABSENT_REVISION,
        String(schema),
        found === undefined ? ABSENT : encode(found.value),
        // Values that were filled together do not expire together.
        String(Math.ceil(longest * (1 - Math.random() / 10))),
        token,
      ]),
    );
  }

  /** Puts tombstones; whether Redis took them. */
  async #bury(batch: readonly Changed[]): Promise<boolean> {
    const keys = batch.map(({ id }) => this.#key(id));
    const args = [...batch.map(({ revision }) => revision), String(TOMBSTONE_MS)];
    const answer = await this.#attempt(async () => {
      await this.#redis.run(FORGET, keys, args);
      return true;
    });
    return answer === true;
  }

  /** The result, or undefined when Redis is of no use. */
  async #attempt<R>(work: () => Promise<R>): Promise<R | undefined> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof RedisUnavailableError) return undefined;
      throw error;
    }
  }

  get #task(): string {
    return `cache ${this.#options.name}`;
  }

  #key(id: string): string {
    return `${this.#options.name}:${id}`;
  }

  #keys(id: string): readonly string[] {
    return [this.#key(id), `${this.#key(id)}:lock`];
  }

  #count(outcome: string): void {
    this.#reads.inc({ [LABELS.cache]: this.#options.name, [LABELS.outcome]: outcome });
  }
}
