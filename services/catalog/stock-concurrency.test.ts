import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import { METRICS } from '@meridian/kit/telemetry/names.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import type { Database } from '@meridian/kit/postgres/database.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import type { Pool } from 'pg';
import { ReservationStatus } from './contract/gen/meridian/catalog/v1/stock_pb.js';
import { ProductChanges } from './product-changes.ts';
import { productIdOf } from './product-id.ts';
import { startSweeper, sweepReservations } from './reservation-sweeper.ts';
import { Reservations } from './reservations.ts';
import { countUnconserved } from './stock-conservation.ts';
import { RESERVATION_LIFETIME_MS } from './stock-limits.ts';
import { StockStore } from './stock-store.ts';
import { emptyCatalog } from './testing/empty-catalog.ts';
import type { catalogEvents } from './topics.ts';

const outbox = new Outbox<typeof catalogEvents>(() => undefined);
const NONE = { 'on-hand': 0, reserved: 0, movements: 0, discontinued: 0 };

let world: DatabaseWorld;
let pool: Pool;
/** Two replicas: each has connections of its own. */
let databases: readonly [Database, Database];
let runtime: Runtime;
let late = false;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  pool = await world.createDatabase('catalog', 'services/catalog/migrations');
  const [one, other] = await Promise.all([world.open('catalog'), world.open('catalog')]);
  databases = [one.database, other.database];
  ({ runtime } = other);
}, 90_000);

afterAll(() => world.close());

beforeEach(async () => {
  late = false;
  await emptyCatalog(pool);
});

async function load(onHand: number, ...skus: readonly string[]): Promise<void> {
  const given = skus.map((sku) => ({
    content: {
      sku,
      name: sku,
      description: '',
      category: 'kitchen',
      brand: 'Brandt',
      priceCurrencyCode: 'EUR',
      priceMinorUnits: 1n,
      attributes: {},
    },
    onHand,
  }));
  await databases[0].transaction((transaction) =>
    new ProductChanges(transaction, outbox).import(given),
  );
}

function replicas(): readonly [Reservations, Reservations] {
  const clock = (): Date => new Date(Date.now() + (late ? 2 * RESERVATION_LIFETIME_MS : 0));
  const [one, other] = databases;
  return [
    new Reservations({ database: one, outbox, clock }),
    new Reservations({ database: other, outbox, clock }),
  ];
}

/** More at once than a replica has connections, and few enough that none waits for one for long. */
const AT_ONCE = 12;

/** Does something many times on two replicas in turn, some of it at once. */
async function often<T>(
  count: number,
  work: (replica: Reservations, index: number) => Promise<T>,
): Promise<readonly T[]> {
  const [one, other] = replicas();
  const outcomes: T[] = [];
  const tasks = Array.from({ length: count }, (_, index) => index).values();
  const worker = async (): Promise<void> => {
    for (const index of tasks) outcomes.push(await work(index % 2 === 0 ? one : other, index));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcomes;
}

const stockOf = async (sku: string) => await new StockStore(databases[0]).get(productIdOf(sku));

test('of 40 units two replicas sell 40 to 120 who want one each, in the face of commits and releases', async () => {
  await load(40, 'HOT');
  const lines = [{ productId: productIdOf('HOT'), quantity: 1 }];
  const kinds = await often(120, async (replica, index) => {
    const id = randomUUID();
    const { kind } = await replica.reserve(id, lines);
    if (kind === 'shortages') return kind;
    // Every fifth gives its unit back, for whoever comes then.
    if (index % 5 !== 0) await replica.commit(id);
    else await replica.release(id);
    return index % 5 === 0 ? 'released' : 'sold';
  });
  const sold = kinds.filter((kind) => kind === 'sold').length;
  expect(sold).toBeLessThanOrEqual(40);
  const stock = await stockOf('HOT');
  expect(stock).toMatchObject({ onHand: 40 - sold, reserved: 0, sold: BigInt(sold) });
  expect(await countUnconserved(databases[0])).toEqual(NONE);
});

test('those who want the same products in opposite orders do not wait in a circle', async () => {
  const skus = Array.from({ length: 8 }, (_, index) => `S-${index}`);
  await load(1000, ...skus);
  const lines = skus.map((sku) => ({ productId: productIdOf(sku), quantity: 1 }));
  const ids = Array.from({ length: 40 }, () => randomUUID());
  await often(ids.length, async (replica, index) => {
    const id = ids[index] ?? '';
    await replica.reserve(id, index % 4 < 2 ? lines : lines.toReversed());
    // The same reservation is committed and released at once, by both replicas.
    await Promise.all([replica.commit(id), replicas()[1].release(id)]);
  });
  const { rows } = await pool.query<{ status: string }>('SELECT DISTINCT status FROM reservations');
  expect(rows.every(({ status }) => ['released', 'returned'].includes(status))).toBe(true);
  expect(await stockOf('S-0')).toMatchObject({ onHand: 1000, reserved: 0, sold: 0n });
  expect(await countUnconserved(databases[0])).toEqual(NONE);
});

test('one reservation that is asked for by many at once is made once', async () => {
  await load(10, 'A');
  const id = randomUUID();
  const found = await often(20, (replica) =>
    replica.reserve(id, [{ productId: productIdOf('A'), quantity: 6 }]),
  );
  expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['reservation']));
  expect(await stockOf('A')).toMatchObject({ reserved: 6, version: 2n });
});

test('what expires is freed once, by sweepers that share the work, or refused to who commits it late', async () => {
  await load(100, 'A', 'B');
  const ids = Array.from({ length: 60 }, () => randomUUID());
  const lines = ['B', 'A'].map((sku) => ({ productId: productIdOf(sku), quantity: 1 }));
  await often(ids.length, (replica, index) => replica.reserve(ids[index] ?? '', lines));
  late = true;
  const forget = { forgetStock: () => Promise.resolve() };
  const [first, second] = replicas();
  const [[one, other], committed] = await Promise.all([
    Promise.all([sweepReservations(first, forget), sweepReservations(second, forget)]),
    often(10, (replica, index) => replica.commit(ids[index * 6] ?? '')),
  ]);
  // What a late commit had locked it expires itself.
  const left = await sweepReservations(replicas()[0], forget);
  expect(one + other + left).toBeGreaterThanOrEqual(50);
  expect(new Set(committed.map(({ reservation }) => reservation.status))).toEqual(
    new Set([ReservationStatus.EXPIRED]),
  );
  expect(await stockOf('A')).toMatchObject({ onHand: 100, reserved: 0, version: 121n });
  expect(await countUnconserved(databases[0])).toEqual(NONE);
});

test('the sweeper of a process frees what expires, says which stock changed, and counts it', async () => {
  await load(5, 'A');
  const id = randomUUID();
  const [, replica] = replicas();
  await replica.reserve(id, [{ productId: productIdOf('A'), quantity: 2 }]);
  const forgotten: string[] = [];
  const forgetStock = (changed: readonly { readonly productId: string }[]): Promise<void> => {
    forgotten.push(...changed.map(({ productId }) => productId));
    return Promise.resolve();
  };
  late = true;
  startSweeper(runtime, replica, { forgetStock }, 10);
  await eventually(async () => {
    const freed = await runtime.metrics.registry
      .getSingleMetric(METRICS.reservationsExpired)
      ?.get();
    expect(freed?.values).toEqual([{ labels: {}, value: 1 }]);
  });
  expect(await stockOf('A')).toMatchObject({ onHand: 5, reserved: 0 });
  expect(forgotten).toEqual([productIdOf('A')]);
  const { rows } = await pool.query<{ key: string; headers: Readonly<Record<string, string>> }>(
    "SELECT key, headers FROM outbox WHERE key LIKE '%/%' AND version > 1 ORDER BY key",
  );
  // Every change that a reservation makes belongs to its order.
  expect(rows.map(({ headers }) => headers['ce_correlationid'])).toEqual([id, id, id]);
});
