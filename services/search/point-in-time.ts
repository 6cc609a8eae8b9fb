import type { Elasticsearch } from '@meridian/kit/elasticsearch/elasticsearch.ts';
import { refusal, unavailable } from '@meridian/kit/elasticsearch/elasticsearch-error.ts';

/** How long after its last page a walk can go on. */
export const WALK_IDLE_MAX = '3m';

/** First pages of this time share a point in time; so fresh the index itself is. */
const SHARED_MS = 1_000;

/**
 * Points in time of the index, which all pages of a walk are seen at. The first pages of a second share
 * one: a point costs a request to open, and memory of Elasticsearch until it has not been used for long.
 */
export class PointsInTime {
  readonly #search: Elasticsearch;
  #newest: { readonly openedMs: number; readonly id: Promise<string> } | undefined;

  constructor(search: Elasticsearch) {
    this.#search = search;
  }

  /** One that is at most a second old. */
  async current(): Promise<string> {
    const known = this.#newest;
    if (known !== undefined && performance.now() - known.openedMs < SHARED_MS) return known.id;
    return this.fresh();
  }

  /** A new one, which sees whatever was refreshed by now. */
  async fresh(): Promise<string> {
    const opened = { openedMs: performance.now(), id: this.#open() };
    this.#newest = opened;
    try {
      return await opened.id;
    } catch (error) {
      if (this.#newest === opened) this.#newest = undefined;
      throw error;
    }
  }

  async #open(): Promise<string> {
    const { status, body } = await this.#search.request('open_point_in_time', {
      method: 'POST',
      path: `/${this.#search.index}/_pit?keep_alive=${WALK_IDLE_MAX}`,
      allowed: [404],
    });
    // There is no index yet, or none again: a rebuild makes it.
    if (status === 404) throw unavailable('busy', refusal(status, body));
    return (body as { readonly id: string }).id;
  }
}
