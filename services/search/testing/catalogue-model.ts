import type { Product } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import type { ProductChange } from '../product-document.ts';
import type { CatalogueEvents, Following, Offsets } from '../rebuild/catalogue-events.ts';
import type { CatalogueWalk } from '../rebuild/catalogue-walk.ts';

const PAGE_SIZE = 10;
const PARTITION = '0';

/**
 * A catalogue and its topic in memory, for what a rebuild does when it is ended: which engine holds the
 * catalogue does not matter there.
 */
export class CatalogueModel implements CatalogueWalk, CatalogueEvents {
  readonly #state = new Map<string, ProductChange>();
  readonly #log: ProductChange[] = [];
  /** How many events the consumer of the index in use has applied. */
  applied = 0;
  /** Events that the topic keeps no more. */
  expired = 0;

  /** Makes a change, which is an event too. */
  change(change: ProductChange): void {
    this.#state.set(change.productId, { ...this.#state.get(change.productId), ...change });
    this.#log.push(change);
  }

  /** What the consumer of the index in use has not applied yet. */
  get pending(): readonly ProductChange[] {
    return this.#log.slice(this.applied);
  }

  get all(): readonly ProductChange[] {
    return [...this.#state.values()];
  }

  async *pages(): AsyncGenerator<readonly ProductChange[]> {
    const ids = [...this.#state.keys()].sort();
    for (let start = 0; start < ids.length; start += PAGE_SIZE) {
      await Promise.resolve();
      yield ids.slice(start, start + PAGE_SIZE).flatMap((id) => this.#state.get(id) ?? []);
    }
  }

  products(ids: readonly string[]): Promise<readonly Product[]> {
    return Promise.resolve(ids.flatMap((id) => this.#state.get(id)?.product ?? []));
  }

  start(): Promise<Offsets> {
    return Promise.resolve({ [PARTITION]: String(Math.max(this.expired, this.applied)) });
  }

  end(): Promise<Offsets> {
    return Promise.resolve({ [PARTITION]: String(this.#log.length) });
  }

  hasGap(covered: Offsets): Promise<boolean> {
    return Promise.resolve(Math.max(this.applied, Number(covered[PARTITION] ?? 0)) < this.expired);
  }

  follow(
    _build: string,
    from: Offsets,
    apply: (changes: readonly ProductChange[]) => Promise<void>,
  ): Promise<Following> {
    let place = Number(from[PARTITION]);
    const following: Following = {
      count: 0,
      reach: async (end) => {
        await apply(this.#log.slice(place, Number(end[PARTITION])));
        place = Math.max(place, Number(end[PARTITION]));
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    return Promise.resolve(following);
  }
}
