import { markdownTable } from '@meridian/language/markdown-table.ts';
import { ReservationStatus } from './contract/gen/meridian/catalog/v1/stock_pb.js';
import { transitionOf } from './reservation-transitions.ts';
import type { ReservationTransition } from './reservation-transitions.ts';
import { RESERVATION_LIFETIME_MS } from './stock-limits.ts';
import { NO_STOCK, stockModel } from './stock-model.ts';
import type { StockAnswer, StockRequest, StockState } from './stock-model.ts';

/** Around what is drawn in docs/stock.md. */
export const DRAWN = ['<!-- drawn by services/catalog/stock-table.ts -->', '<!-- end -->'] as const;

/** Two requests that meet, after others; what becomes of each is asked of the model, in both orders. */
interface Race {
  readonly pair: readonly [string, string];
  readonly before: readonly StockRequest[];
  readonly requests: readonly [StockRequest, StockRequest];
  /** When they come. @default at once */
  readonly atMs?: number;
  readonly because: string;
}

const CREATED: StockRequest = { method: 'createProduct', productId: 'p', onHand: 1 };
const reserve = (reservationId: string): StockRequest => ({
  method: 'reserveStock',
  reservationId,
  lines: [{ productId: 'p', quantity: 1 }],
});
const commit: StockRequest = { method: 'commitReservation', reservationId: 'a' };
const release: StockRequest = { method: 'releaseReservation', reservationId: 'a' };
const RESERVED = [CREATED, reserve('a')];

const RACES: readonly Race[] = [
  {
    pair: ['two reservations', 'of the last unit'],
    before: [CREATED],
    requests: [reserve('a'), reserve('b')],
    because: 'the row of the stock is locked by one of them until it has committed',
  },
  {
    pair: ['reservation', 'its repetition'],
    before: [CREATED],
    requests: [reserve('a'), reserve('a')],
    because: 'the id is the key: the second gets what the first made',
  },
  {
    pair: ['reservation', 'its release'],
    before: [CREATED],
    requests: [reserve('a'), release],
    because: 'a release that overtakes it leaves a mark, and the reservation then holds nothing',
  },
  {
    pair: ['commit', 'release'],
    before: RESERVED,
    requests: [commit, release],
    because: 'a release after the commit takes the units back',
  },
  {
    pair: ['commit', 'expiry'],
    before: RESERVED,
    requests: [commit, { method: 'sweep' }],
    atMs: RESERVATION_LIFETIME_MS,
    because: 'the time decides and not who comes first: a commit that comes late expires it itself',
  },
  {
    pair: ['release', 'expiry'],
    before: RESERVED,
    requests: [release, { method: 'sweep' }],
    atMs: RESERVATION_LIFETIME_MS,
    because: 'the units are freed once',
  },
  {
    pair: ['reservation', 'a correction to nothing on hand'],
    before: [CREATED],
    requests: [reserve('a'), { method: 'adjustStock', productId: 'p', change: { difference: -1 } }],
    because: 'what is reserved stays on hand until it is sold or freed',
  },
  {
    pair: ['reservation', 'end of the product'],
    before: [CREATED],
    requests: [reserve('a'), { method: 'discontinueProduct', productId: 'p' }],
    because: 'a reservation that was there before may still be committed',
  },
];

/** The tables of docs/stock.md. */
export function drawStock(): string {
  return [
    '## What becomes of a reservation',
    statesTable(),
    '## What each step does to the stock of a line',
    effectsTable(),
    '## What can race',
    racesTable(),
  ].join('\n\n');
}

const STATUSES = [
  ReservationStatus.UNSPECIFIED,
  ReservationStatus.ACTIVE,
  ReservationStatus.COMMITTED,
  ReservationStatus.RELEASED,
  ReservationStatus.EXPIRED,
  ReservationStatus.RETURNED,
] as const;

const ACTORS = [
  ['ReserveStock', 'ReserveStock'],
  ['CommitReservation', 'CommitReservation'],
  ['ReleaseReservation', 'ReleaseReservation'],
  ['expire_time', 'its time is up'],
] as const satisfies readonly (readonly [ReservationTransition['by'], string])[];

function statesTable(): string {
  const rows = STATUSES.map((from) => [
    nameOf(from),
    ...ACTORS.map(([by]) => {
      const transition = transitionOf(from, by);
      if (transition !== undefined) return `→ ${nameOf(transition.to)}`;
      if (from !== ReservationStatus.UNSPECIFIED) return 'nothing changes';
      return by === 'CommitReservation' ? 'refused: `NOT_FOUND`' : '';
    }),
  ]);
  return markdownTable(['reservation', ...ACTORS.map(([, title]) => title)], rows);
}

function effectsTable(): string {
  const rows = STATUSES.flatMap((from) =>
    ACTORS.flatMap(([by]) => {
      const transition = transitionOf(from, by);
      if (transition === undefined) return [];
      const { perUnit, movement = '', to } = transition;
      const { onHand, reserved, sold } = perUnit;
      return [[`${nameOf(from)} → ${nameOf(to)}`, ...[onHand, reserved, sold].map(sign), movement]];
    }),
  );
  return markdownTable(['step', 'on hand', 'reserved', 'sold', 'movement'], rows);
}

function racesTable(): string {
  const rows = RACES.map(({ pair: [one, other], before, requests, atMs = 0, because }) => {
    const state = before.reduce((so, request) => stockModel(so, request, 0).state, NO_STOCK);
    const [first, second] = requests;
    const orders = [
      [first, second],
      [second, first],
    ] as const;
    return [one, other, ...orders.map((order) => both(state, order, atMs)), because];
  });
  return markdownTable(['one', 'another', 'one first', 'another first', 'because'], rows);
}

function both(
  before: StockState,
  requests: readonly [StockRequest, StockRequest],
  atMs: number,
): string {
  let state = before;
  const answers = requests.map((request) => {
    const step = stockModel(state, request, atMs);
    state = step.state;
    return told(step.answer);
  });
  return answers.join(', then ');
}

function told(answer: StockAnswer): string {
  switch (answer.kind) {
    case 'reservation':
      return nameOf(answer.reservation.status);
    case 'shortages':
      return 'shortage';
    case 'expired':
      return answer.reservationIds.length === 0 ? 'nothing to expire' : 'EXPIRED';
    case 'refused':
      return `\`${answer.status}\``;
    case 'stock':
      return 'done';
  }
}

function nameOf(status: ReservationStatus): string {
  return status === ReservationStatus.UNSPECIFIED ? 'none' : ReservationStatus[status];
}

function sign(value: number): string {
  return value === 0 ? '' : value > 0 ? `+${value}` : `−${-value}`;
}
