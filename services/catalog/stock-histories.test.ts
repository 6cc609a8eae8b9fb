import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import type { Database } from '@meridian/kit/postgres/database.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import fc from 'fast-check';
import type { Pool } from 'pg';
import {
  ListReservationsRequestSchema,
  ListStockRequestSchema,
} from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { sweepReservations } from './reservation-sweeper.ts';
import { Reservations } from './reservations.ts';
import { countUnconserved } from './stock-conservation.ts';
import { stockEtagOf } from './stock-message.ts';
import { NO_STOCK, stockModel } from './stock-model.ts';
import type { StockAnswer, StockState } from './stock-model.ts';
import type { catalogEvents } from './topics.ts';
import { emptyCatalog } from './testing/empty-catalog.ts';
import { callOf, handlersOver } from './testing/handlers-over.ts';
import { askCatalog, toModelReservation, toModelStock } from './testing/stock-histories.ts';
import type { AskedCatalog } from './testing/stock-histories.ts';
import { stockRequests } from './testing/stock-requests.ts';
import type { TimedRequest } from './testing/stock-requests.ts';

let world: DatabaseWorld;
let pool: Pool;
let database: Database;
let nowMs = 0;

beforeAll(async () => {
  world = await DatabaseWorld.create();
  pool = await world.createDatabase('catalog', 'services/catalog/migrations');
  ({ database } = await world.open('catalog'));
}, 90_000);

afterAll(() => world.close());

function catalog(): AskedCatalog {
  const clock = (): Date => new Date(nowMs);
  const handlers = handlersOver(database, { clock });
  const outbox = new Outbox<typeof catalogEvents>(() => undefined);
  const reservations = new Reservations({ database, outbox, clock });
  const active = async (): Promise<readonly string[]> => {
    const { rows } = await pool.query<{ reservation_id: string }>(
      "SELECT reservation_id FROM reservations WHERE status = 'active' ORDER BY create_time, xmin::text::bigint",
    );
    return rows.map(({ reservation_id: id }) => id);
  };
  return {
    handlers,
    sweep: async () => {
      const before = await active();
      await sweepReservations(reservations, { forgetStock: () => Promise.resolve() });
      const after = new Set(await active());
      return before.filter((id) => !after.has(id));
    },
    etagOf: async (productId, version) => {
      const { rows } = await pool.query<{ version: string; micros: string }>(
        `SELECT version, (extract(epoch FROM update_time) * 1000000)::bigint AS micros
         FROM stock WHERE product_id = $1 AND version = $2`,
        [productId, version],
      );
      const [row] = rows;
      return row === undefined
        ? 'another'
        : stockEtagOf({ version: BigInt(row.version), updateTimeMicros: BigInt(row.micros) });
    },
  };
}

/** Answers as both give them: what stock says of being discontinued is the product's, in the contract. */
function comparable(answer: StockAnswer): unknown {
  if (answer.kind === 'stock') return { ...answer.stock, discontinued: false };
  return answer.kind === 'expired' ? new Set(answer.reservationIds) : answer;
}

async function follow(history: readonly TimedRequest[]): Promise<void> {
  await emptyCatalog(pool);
  const real = catalog();
  let state = NO_STOCK;
  for (const { request, atMs } of history) {
    nowMs = atMs;
    const step = stockModel(state, request, atMs);
    state = step.state;
    const answer = await askCatalog(real, request);
    expect({ request, answer: comparable(answer) }).toEqual({
      request,
      answer: comparable(step.answer),
    });
  }
  await expectSame(real, state);
}

async function expectSame({ handlers }: AskedCatalog, state: StockState): Promise<void> {
  const { stock } = await handlers.listStock(create(ListStockRequestSchema), callOf());
  const levels = (stock ?? []).map(toModelStock);
  const inOrder = [...state.stock.values()].sort((a, b) => (a.productId < b.productId ? -1 : 1));
  expect(levels).toEqual(inOrder.map((level) => ({ ...level, discontinued: false })));
  const { reservations } = await handlers.listReservations(
    create(ListReservationsRequestSchema),
    callOf(),
  );
  expect(new Set((reservations ?? []).map(toModelReservation))).toEqual(
    new Set(state.reservations.values()),
  );
  const conserved = { 'on-hand': 0, reserved: 0, movements: 0, discontinued: 0 };
  expect(await countUnconserved(database)).toEqual(conserved);
  // Each change of an aggregate has its event: versions without a gap, up to what it is now.
  const { rows } = await pool.query<{ key: string; versions: string; newest: string }>(
    'SELECT key, count(*) AS versions, max(version) AS newest FROM outbox GROUP BY key',
  );
  const newest = new Map(rows.map((row) => [row.key, Number(row.newest)]));
  expect(rows.every((row) => row.versions === row.newest)).toBe(true);
  for (const { productId, version } of state.stock.values()) {
    expect(newest.get(`${productId}/stock`)).toBe(version);
  }
  for (const { reservationId, version } of state.reservations.values()) {
    expect(newest.get(`${reservationId}/reservation`)).toBe(version);
  }
}

test('catalog answers every history of requests as its model does, and keeps the same', async () => {
  await fc.assert(fc.asyncProperty(stockRequests({ maxLength: 40 }), follow), { numRuns: 25 });
}, 60_000);
