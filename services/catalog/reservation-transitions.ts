import { ReservationStatus } from './contract/gen/meridian/catalog/v1/stock_pb.js';

/** Why units on hand changed; the words of the table `stock_movements`. */
export type MovementKind = 'received' | 'corrected' | 'sold' | 'returned';

/** Where a reservation goes from where, who brings it there, and what that does to each of its lines. */
export interface ReservationTransition {
  /** UNSPECIFIED where there is no reservation yet. */
  readonly from: ReservationStatus;
  readonly to: ReservationStatus;
  readonly by: 'ReserveStock' | 'CommitReservation' | 'ReleaseReservation' | 'expire_time';
  /** What is added to the product's stock for each unit of a line. */
  readonly perUnit: {
    readonly onHand: -1 | 0 | 1;
    readonly reserved: -1 | 0 | 1;
    readonly sold: -1 | 0 | 1;
  };
  /** The movement that tells of it, where units leave the warehouse or come back. */
  readonly movement?: MovementKind;
}

const { UNSPECIFIED, ACTIVE, COMMITTED, RELEASED, EXPIRED, RETURNED } = ReservationStatus;

/**
 * All that can happen to a reservation. Catalog, the model of it (stock-model.ts) and docs/stock.md follow
 * this table, and the database refuses what is not in it.
 */
export const RESERVATION_TRANSITIONS: readonly ReservationTransition[] = [
  {
    from: UNSPECIFIED,
    to: ACTIVE,
    by: 'ReserveStock',
    perUnit: { onHand: 0, reserved: 1, sold: 0 },
  },
  {
    from: UNSPECIFIED,
    to: RELEASED,
    by: 'ReleaseReservation',
    perUnit: { onHand: 0, reserved: 0, sold: 0 },
  },
  {
    from: ACTIVE,
    to: COMMITTED,
    by: 'CommitReservation',
    perUnit: { onHand: -1, reserved: -1, sold: 1 },
    movement: 'sold',
  },
  {
    from: ACTIVE,
    to: RELEASED,
    by: 'ReleaseReservation',
    perUnit: { onHand: 0, reserved: -1, sold: 0 },
  },
  {
    from: ACTIVE,
    to: EXPIRED,
    by: 'expire_time',
    perUnit: { onHand: 0, reserved: -1, sold: 0 },
  },
  {
    from: COMMITTED,
    to: RETURNED,
    by: 'ReleaseReservation',
    perUnit: { onHand: 1, reserved: 0, sold: -1 },
    movement: 'returned',
  },
];

/** What `by` does to a reservation of that status; undefined if it leaves it as it is. */
export function transitionOf(
  from: ReservationStatus,
  by: ReservationTransition['by'],
): ReservationTransition | undefined {
  return RESERVATION_TRANSITIONS.find((known) => known.from === from && known.by === by);
}
