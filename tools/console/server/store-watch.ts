import type { StoreView } from '../views/platform-view.ts';
import { StoreAway, STORES } from './sources.ts';
import type { Sources, StoreName } from './sources.ts';

/** Notes how stores answer, whoever asks them. */
export class StoreWatch {
  readonly sources: Sources;
  readonly #now: () => number;
  readonly #known = new Map<StoreName, Omit<StoreView, 'name'>>();

  constructor({ metrics, traces, logs }: Sources, now: () => number = Date.now) {
    this.#now = now;
    this.sources = {
      metrics: {
        now: (query) => this.#note('metrics', metrics.now(query)),
        over: (query, range) => this.#note('metrics', metrics.over(query, range)),
        exemplars: (query, range) => this.#note('metrics', metrics.exemplars(query, range)),
      },
      traces: { related: (ids) => this.#note('traces', traces.related(ids)) },
      logs: {
        ofTrace: (id) => this.#note('logs', logs.ofTrace(id)),
        naming: (id) => this.#note('logs', logs.naming(id)),
        sagas: (sinceMs) => this.#note('logs', logs.sagas(sinceMs)),
        refusals: (sinceMs) => this.#note('logs', logs.refusals(sinceMs)),
      },
    };
  }

  /** How each store is; one that nobody has asked yet, or that has never answered, is starting. */
  states(): readonly StoreView[] {
    return STORES.map((name) => ({
      name,
      ...(this.#known.get(name) ?? { state: 'starting', lastDataMs: null }),
    }));
  }

  async #note<T>(name: StoreName, answer: Promise<readonly T[]>): Promise<readonly T[]> {
    const lastDataMs = this.#known.get(name)?.lastDataMs ?? null;
    try {
      const items = await answer;
      this.#known.set(name, {
        state: 'answers',
        lastDataMs: items.length > 0 ? this.#now() : lastDataMs,
      });
      return items;
    } catch (error) {
      if (error instanceof StoreAway) {
        const state = this.#known.has(name) && lastDataMs !== null ? 'away' : 'starting';
        this.#known.set(name, { state, lastDataMs });
      }
      throw error;
    }
  }
}
