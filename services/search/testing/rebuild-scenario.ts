import { expect } from '@jest/globals';
import { IndexKeeper } from '../rebuild/index-keeper.ts';
import { REBUILD_STEPS, Rebuild } from '../rebuild/rebuild.ts';
import type { RebuildStep, RebuildWorld } from '../rebuild/rebuild.ts';
import { LEASE_MS, RebuildRecords } from '../rebuild/rebuild-record.ts';
import { CatalogueModel } from './catalogue-model.ts';
import { productOf, stockOf } from './products.ts';
import type { SearchWorld } from './search-world.ts';

const PRODUCTS = 25;
/** Nobody says that it lives by itself: tests have a clock of their own. */
const HEARTBEAT_MS = 3_600_000;
const forever = new AbortController().signal;

/** A small catalogue without an index, and rebuilds of it that can be ended. */
export class RebuildScenario {
  readonly model = new CatalogueModel();
  readonly parts: RebuildWorld;
  readonly #world: SearchWorld;
  #nowMs = Date.now();

  private constructor(world: SearchWorld) {
    this.#world = world;
    this.parts = {
      search: world.elasticsearch,
      records: new RebuildRecords(world.elasticsearch, () => new Date(this.#nowMs)),
      events: this.model,
      walk: this.model,
      log: world.process.runtime.log,
      heartbeatMs: HEARTBEAT_MS,
    };
  }

  /** Removes what an earlier one left. */
  static async begin(world: SearchWorld): Promise<RebuildScenario> {
    for (const { name } of await world.admin.list()) await world.admin.remove(name);
    await world.admin.remove(`${world.elasticsearch.index}.rebuild`);
    const scenario = new RebuildScenario(world);
    const { model } = scenario;
    for (let each = 0; each < PRODUCTS; each += 1) {
      const productId = `p${each}`;
      model.change({ productId, product: productOf(productId, 1) });
      model.change({ productId, stock: stockOf(productId, 1, each) });
    }
    model.change({ productId: 'p7', product: productOf('p7', 2, { discontinued: true }) });
    return scenario;
  }

  /** Begins a rebuild and runs it to its end. */
  async rebuild(before?: RebuildWorld['before']): Promise<void> {
    const parts = { ...this.parts, ...(before === undefined ? {} : { before }) };
    await (await Rebuild.begin(parts, forever)).run();
  }

  /** Whoever has said nothing until now counts as dead. */
  leaseRunsOut(): void {
    this.#nowMs += LEASE_MS;
  }

  /** What the consumer of the index in use does, as far as it can. */
  async consume(): Promise<void> {
    const { model } = this;
    await this.#world.writer.apply(model.pending);
    model.applied += model.pending.length;
  }

  /** Makes a change of each kind, another at every step. */
  changeAt(step: RebuildStep): void {
    const { model } = this;
    const number = REBUILD_STEPS.indexOf(step);
    const [updated, left, sold, added] = [`p${number}`, `p${12 + number}`, 'p24', `n${number}`];
    model.change({ productId: updated, product: productOf(updated, 10 + number) });
    model.change({ productId: left, product: productOf(left, 10, { discontinued: true }) });
    model.change({ productId: sold, stock: stockOf(sold, 10 + number, number % 2) });
    model.change({ productId: added, product: productOf(added, 1) });
    model.change({ productId: added, stock: stockOf(added, 1, 1) });
  }

  /** Ends a rebuild before a step as a process is killed, and has another make good what it left. */
  async killedBefore(killed: RebuildStep): Promise<void> {
    const { model, parts } = this;
    const { admin } = this.#world;
    await this.rebuild();
    await this.consume();
    const before = await admin.current();
    const stopped = Promise.withResolvers<undefined>();
    const never = Promise.withResolvers<never>();
    this.rebuild((step) => {
      this.changeAt(step);
      if (step !== killed) return;
      stopped.resolve(undefined);
      return never.promise;
    }).catch(stopped.reject);
    await stopped.promise;
    // What the consumer wrote last was on its way to the index before, which may be in use no more.
    model.applied += model.pending.length;
    const switched = (await admin.current()) !== before;
    await expect(this.rebuild()).rejects.toMatchObject({ status: 'FAILED_PRECONDITION' });
    this.leaseRunsOut();
    await (switched ? new IndexKeeper(parts).look() : this.rebuild());
    await this.expectWhole();
  }

  /** Holds the index in use, and all that is there, against the catalogue. */
  async expectWhole(): Promise<void> {
    const { admin, elasticsearch, index, search, writer } = this.#world;
    await search.refresh();
    const indices = await admin.list();
    expect(indices.map(({ aliases }) => aliases.includes(elasticsearch.index))).toEqual([true]);
    const versions = await writer.versions(this.model.all.map(({ productId }) => productId));
    for (const { productId, product, stock } of this.model.all) {
      const found = versions.get(productId);
      expect([productId, found?.product]).toEqual([productId, Number(product?.version)]);
      if (product?.discontinueTime !== undefined) continue;
      expect(found?.stock).toBe(Number(stock?.version ?? 0n));
    }
    const count = await index.request('GET', `/${elasticsearch.index}/_count?q=shown:true`);
    const shown = this.model.all.filter(({ product }) => product?.discontinueTime === undefined);
    expect(count.body).toMatchObject({ count: shown.length });
  }
}
