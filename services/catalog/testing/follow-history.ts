import { create } from '@bufbuild/protobuf';
import { expect } from '@jest/globals';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import type { Database } from '@meridian/kit/postgres/database.ts';
import { etagOf } from '@meridian/kit/rpc/versioned.ts';
import type { Pool } from 'pg';
import {
  ListReservationsRequestSchema,
  ListStockRequestSchema,
} from '../contract/gen/meridian/catalog/v1/catalog_pb.js';
import { sweepReservations } from '../reservation-sweeper.ts';
import { Reservations } from '../reservations.ts';
import { countUnconserved } from '../stock-conservation.ts';
import { NO_STOCK, stockModel } from '../stock-model.ts';
import type { StockAnswer, StockState } from '../stock-model.ts';
import type { catalogEvents } from '../topics.ts';
import { emptyCatalog } from './empty-catalog.ts';
import { callOf, handlersOver } from './handlers-over.ts';
import { askCatalog, toModelReservation, toModelStock } from './stock-histories.ts';
import type { AskedCatalog } from './stock-histories.ts';
import type { TimedRequest } from './stock-requests.ts';

/** A database of catalog, as its service opens it and as a superuser does. */
export interface CatalogDatabase {
  readonly pool: Pool;
  readonly database: Database;
}

function catalogOver({ pool, database }: CatalogDatabase, clock: () => Date): AskedCatalog {
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
        : etagOf({ version: BigInt(row.version), updateTimeMicros: BigInt(row.micros) });
    },
  };
}

/** Answers as both give them: what stock says of being discontinued is the product's, in the contract. */
function comparable(answer: StockAnswer): unknown {
  if (answer.kind === 'stock') return { ...answer.stock, discontinued: false };
  return answer.kind === 'expired' ? new Set(answer.reservationIds) : answer;
}

/** Asks catalog and its model the same, one request after the other, and holds answers and what is kept together. */
export async function followHistory(
  opened: CatalogDatabase,
  history: readonly TimedRequest[],
): Promise<void> {
  await emptyCatalog(opened.pool);
  let nowMs = 0;
  const real = catalogOver(opened, () => new Date(nowMs));
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
  await expectSame(opened, real, state);
}

async function expectSame(
  { pool, database }: CatalogDatabase,
  { handlers }: AskedCatalog,
  state: StockState,
): Promise<void> {
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
