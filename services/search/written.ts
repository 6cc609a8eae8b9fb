import { setTimeout as delay } from 'node:timers/promises';
import { currentScope } from '@meridian/kit/call-scope.ts';
import type { IndexWriter } from './index-writer.ts';
import type { ProductSearch } from './product-search.ts';

/** A change of a product that somebody has seen. */
export interface WrittenChange {
  readonly productId: string;
  readonly version: number;
}

/** How long a search waits for the index to know of a change. */
const WAIT_MAX_MS = 1_000;
const POLL_INTERVAL_MS = 50;
/** Of the caller's time so much is left for the search itself. */
const SEARCH_TIME_MS = 600;
/** Searches that wait at once; others do not wait, so that nobody fills the process with them. */
const WAITING_MAX = 64;

/** Waits for the index to know of changes. */
export class WrittenChanges {
  readonly #writer: IndexWriter;
  readonly #search: ProductSearch;
  #waiting = 0;
  #refreshing: Promise<void> | undefined;
  #nextRefresh: Promise<void> | undefined;

  constructor(writer: IndexWriter, search: ProductSearch) {
    this.#writer = writer;
    this.#search = search;
  }

  /** Whether first pages see the change now. */
  async wait({ productId, version }: WrittenChange): Promise<boolean> {
    if (this.#waiting >= WAITING_MAX) return false;
    this.#waiting += 1;
    try {
      const leftMs = (currentScope()?.deadlineMs ?? Infinity) - Date.now() - SEARCH_TIME_MS;
      const endMs = performance.now() + Math.min(WAIT_MAX_MS, leftMs);
      for (;;) {
        const known = await this.#writer.versions([productId]);
        if ((known.get(productId)?.product ?? 0) >= version) break;
        if (performance.now() >= endMs) return false;
        await delay(POLL_INTERVAL_MS);
      }
      await this.#refresh();
      return true;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** A refresh that begins from now on; those who ask while one runs share the next. */
  #refresh(): Promise<void> {
    this.#nextRefresh ??= this.#afterThis();
    return this.#nextRefresh;
  }

  async #afterThis(): Promise<void> {
    const before = this.#refreshing;
    // Its failure is told to those who asked for it.
    await before?.catch(() => undefined);
    this.#refreshing = this.#nextRefresh;
    this.#nextRefresh = undefined;
    await this.#search.refresh();
  }
}
