import { describe, expect, test } from '@jest/globals';
import { expectDrawn } from '@meridian/kit/testing/drawn-document.ts';
import fc from 'fast-check';
import { ReservationStatus, ShortageReason } from './contract/gen/meridian/catalog/v1/stock_pb.js';
import { RESERVATION_LIFETIME_MS } from './stock-limits.ts';
import { NO_STOCK, stockModel, unconserved } from './stock-model.ts';
import type { StockAnswer, StockRequest } from './stock-model.ts';
import { DRAWN, drawStock } from './stock-table.ts';
import { stockRequests } from './testing/stock-requests.ts';

const LINES = [
  { productId: 'b', quantity: 2 },
  { productId: 'a', quantity: 1 },
];

function answersOf(...steps: readonly (readonly [StockRequest, number])[]): readonly StockAnswer[] {
  let state = NO_STOCK;
  return steps.map(([request, nowMs]) => {
    const step = stockModel(state, request, nowMs);
    state = step.state;
    return step.answer;
  });
}

describe('the model of stock', () => {
  test('reserves all lines or none, and says what is short and why', () => {
    const answers = answersOf(
      [{ method: 'createProduct', productId: 'a', onHand: 5 }, 0],
      [{ method: 'createProduct', productId: 'b', onHand: 1 }, 0],
      [{ method: 'reserveStock', reservationId: 'r', lines: LINES }, 0],
      [{ method: 'adjustStock', productId: 'b', change: { difference: 1 } }, 0],
      [{ method: 'reserveStock', reservationId: 'r', lines: LINES }, 0],
    );
    expect(answers[2]).toEqual({
      kind: 'shortages',
      shortages: [
        { productId: 'b', requested: 2, available: 1, reason: ShortageReason.OUT_OF_STOCK },
      ],
    });
    expect(answers[4]).toMatchObject({
      kind: 'reservation',
      reservation: { status: ReservationStatus.ACTIVE, version: 1, lines: LINES.toReversed() },
    });
  });

  test('refuses the commit of what expired, also before the sweeper has come', () => {
    const answers = answersOf(
      [{ method: 'createProduct', productId: 'a', onHand: 1 }, 0],
      [
        {
          method: 'reserveStock',
          reservationId: 'r',
          lines: [{ productId: 'a', quantity: 1 }],
        },
        10,
      ],
      [{ method: 'commitReservation', reservationId: 'r' }, 10 + RESERVATION_LIFETIME_MS],
    );
    expect(answers[2]).toMatchObject({ reservation: { status: ReservationStatus.EXPIRED } });
  });

  test('conserves every unit, whatever is asked in whatever order', () => {
    fc.assert(
      fc.property(stockRequests({ maxLength: 60 }), (history) => {
        let state = NO_STOCK;
        for (const { request, atMs } of history) {
          state = stockModel(state, request, atMs).state;
          expect(unconserved(state)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('docs/stock.md shows what the model does', () => {
  expectDrawn('docs/stock.md', DRAWN, drawStock());
});
