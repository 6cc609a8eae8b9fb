import { settleInBackground } from '../background.ts';
import type { Changed } from './read-through-cache.ts';

/** How often Redis is tried again. */
const RETRY_INTERVAL_MS = 250;

/** Beyond this the oldest are given up; what they were for expires by itself. */
const MAX_OWED = 10_000;
const BATCH = 500;

/**
 * Invalidations that Redis did not take. A server that hung goes on with what it held, so they are
 * tried again until whatever they were for has expired.
 */
export class OwedInvalidations {
  readonly #lifetimeMs: number;
  readonly #invalidate: (batch: readonly Changed[]) => Promise<boolean>;
  readonly #owed = new Map<string, { readonly revision: string; readonly untilMs: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(lifetimeMs: number, invalidate: (batch: readonly Changed[]) => Promise<boolean>) {
    this.#lifetimeMs = lifetimeMs;
    this.#invalidate = invalidate;
  }

  add(batch: readonly Changed[]): void {
    const untilMs = performance.now() + this.#lifetimeMs;
    for (const { id, revision } of batch) {
      const known = this.#owed.get(id);
      this.#owed.delete(id);
      const newest = known !== undefined && known.revision > revision ? known.revision : revision;
      this.#owed.set(id, { revision: newest, untilMs });
    }
    for (const id of this.#owed.keys()) {
      if (this.#owed.size <= MAX_OWED) break;
      this.#owed.delete(id);
    }
    this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.#turn(), RETRY_INTERVAL_MS).unref();
  }

  async #turn(): Promise<void> {
    await settleInBackground('owed invalidations', () => this.#pay());
    this.#timer = undefined;
    if (this.#owed.size > 0) this.#schedule();
  }

  async #pay(): Promise<void> {
    const nowMs = performance.now();
    for (const [id, { untilMs }] of this.#owed) {
      if (untilMs <= nowMs) this.#owed.delete(id);
    }
    const batch = [...this.#owed].slice(0, BATCH);
    const paid =
      batch.length === 0 ||
      (await this.#invalidate(batch.map(([id, { revision }]) => ({ id, revision }))));
    if (paid) {
      for (const [id, debt] of batch) {
        // One that was added meanwhile is owed still.
        if (this.#owed.get(id) === debt) this.#owed.delete(id);
      }
    }
  }
}
