import fc from 'fast-check';
import { productIdOf } from '../product-id.ts';
import { RESERVATION_LIFETIME_MS } from '../stock-limits.ts';
import type { StockRequest } from '../stock-model.ts';

/** A request and when it is asked. */
export interface TimedRequest {
  readonly request: StockRequest;
  readonly atMs: number;
}

/** Few products and reservations, so that histories meet the same ones again and again. */
export const SKUS = ['S-1', 'S-2', 'S-3'] as const;
const RESERVATIONS = [1, 2, 3, 4, 5, 6].map(
  (number) => `00000000-0000-4000-8000-00000000000${number}`,
);

const productId = fc.constantFrom(...SKUS.map(productIdOf));
const reservationId = fc.constantFrom(...RESERVATIONS);
const lines = fc.uniqueArray(fc.record({ productId, quantity: fc.integer({ min: 1, max: 4 }) }), {
  selector: (line) => line.productId,
  minLength: 1,
  maxLength: SKUS.length,
});

const request: fc.Arbitrary<StockRequest> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      method: fc.constant('createProduct' as const),
      productId,
      onHand: fc.integer({ min: 0, max: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ method: fc.constant('discontinueProduct' as const), productId }),
  },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        method: fc.constant('adjustStock' as const),
        productId,
        change: fc.oneof(
          fc.record({
            difference: fc.oneof(
              fc.integer({ min: -8, max: 8 }).filter((difference) => difference !== 0),
              fc.constantFrom(2_147_483_647, -2_147_483_648),
            ),
          }),
          fc.record({ onHand: fc.integer({ min: 0, max: 12 }) }),
        ),
        version: fc.integer({ min: 1, max: 4 }),
      },
      { requiredKeys: ['method', 'productId', 'change'] },
    ),
  },
  {
    weight: 10,
    arbitrary: fc.record({ method: fc.constant('reserveStock' as const), reservationId, lines }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ method: fc.constant('commitReservation' as const), reservationId }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ method: fc.constant('releaseReservation' as const), reservationId }),
  },
  { weight: 1, arbitrary: fc.record({ method: fc.constant('sweep' as const) }) },
);

/** Pauses between requests: mostly short, now and then as long as a reservation lives. */
const pauseMs = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 60_000 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(RESERVATION_LIFETIME_MS - 1, RESERVATION_LIFETIME_MS),
  },
);

/** Histories of requests about stock, in the order of time. */
export function stockRequests(options: {
  readonly maxLength: number;
}): fc.Arbitrary<readonly TimedRequest[]> {
  return fc.array(fc.record({ request, pauseMs }), { ...options, size: 'max' }).map((steps) => {
    let atMs = Date.UTC(2026, 0, 1);
    return steps.map((step) => {
      atMs += step.pauseMs;
      return { request: step.request, atMs };
    });
  });
}
