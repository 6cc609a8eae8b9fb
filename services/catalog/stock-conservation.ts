import { settleInBackground } from '@meridian/kit/background.ts';
import { runOutsideScope } from '@meridian/kit/call-scope.ts';
import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { LABELS, METRICS } from '@meridian/kit/telemetry/names.ts';
import { gauge } from '@meridian/kit/telemetry/registered.ts';

/** What holds for every product, whatever happened. */
export const CONSERVATION_RULES = ['on-hand', 'reserved', 'movements', 'discontinued'] as const;
export type ConservationRule = (typeof CONSERVATION_RULES)[number];

/** Products that break each rule. */
export type Unconserved = Readonly<Record<ConservationRule, number>>;

const INTERVAL_MS = 60_000;

/**
 * Each statement sees one snapshot. The sums of movements grow with every sale, so they are checked of
 * products whose stock changed lately: of the others they were checked before.
 */
const COUNT = `
  WITH held AS (
    SELECT product_id, sum(quantity) AS quantity
    FROM reservations JOIN reservation_lines USING (reservation_id)
    WHERE status = 'active' GROUP BY product_id
  ), moved AS (
    SELECT product_id,
           coalesce(sum(quantity) FILTER (WHERE kind IN ('received', 'corrected')), 0) AS received,
           coalesce(sum(quantity) FILTER (WHERE kind = 'sold'), 0)
             - coalesce(sum(quantity) FILTER (WHERE kind = 'returned'), 0) AS sold
    FROM stock_movements
    WHERE product_id IN (
      SELECT product_id FROM stock WHERE update_time >= now() - $1 * interval '1 millisecond')
    GROUP BY product_id
  )
  SELECT count(*) FILTER (WHERE on_hand + stock.sold <> stock.received)::integer AS "on-hand",
         count(*) FILTER (WHERE reserved <> coalesce(held.quantity, 0))::integer AS reserved,
         count(*) FILTER (
           WHERE (moved.received, moved.sold) <> (stock.received, stock.sold)
              OR moved.product_id IS NULL AND stock.received <> 0
                 AND stock.update_time >= now() - $1 * interval '1 millisecond')::integer AS movements,
         count(*) FILTER (
           WHERE discontinued <> (discontinue_time IS NOT NULL))::integer AS discontinued
  FROM stock JOIN products USING (product_id)
       LEFT JOIN held USING (product_id) LEFT JOIN moved USING (product_id)`;

/** Counts the products that break a rule; movements only of those that changed within `changedWithinMs`. */
export async function countUnconserved(
  session: Session,
  changedWithinMs = 3 * INTERVAL_MS,
): Promise<Unconserved> {
  const [row] = await session.query<Record<ConservationRule, number>>({
    name: 'count_unconserved',
    text: COUNT,
    values: [changedWithinMs],
  });
  if (row === undefined) throw new Error('A count gives a row');
  return row;
}

/** Counts them each minute and shows the figures, which are 0. */
export function watchConservation(runtime: Runtime, session: Session): void {
  const broken = gauge(runtime.metrics.registry, {
    name: METRICS.stockUnconserved,
    help: 'Products whose stock does not add up, by the rule that they break; 0 always',
  });
  const check = (): Promise<void> =>
    settleInBackground('conservation of stock', async () => {
      const found = await countUnconserved(session);
      for (const rule of CONSERVATION_RULES) broken.set({ [LABELS.rule]: rule }, found[rule]);
      const bad = CONSERVATION_RULES.filter((rule) => found[rule] > 0);
      if (bad.length > 0)
        runtime.log.error({ rules: bad }, 'the stock of products does not add up');
    });
  const timer = setInterval(() => void runOutsideScope(check), INTERVAL_MS).unref();
  runtime.onRelease('conservation of stock', () => clearInterval(timer));
}
