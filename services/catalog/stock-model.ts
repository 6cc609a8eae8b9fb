import { ReservationStatus, ShortageReason } from './contract/gen/meridian/catalog/v1/stock_pb.js';
import { transitionOf } from './reservation-transitions.ts';
import type { ReservationTransition } from './reservation-transitions.ts';
import { ON_HAND_MAX, RESERVATION_LIFETIME_MS } from './stock-limits.ts';

/*
 * What catalog does about stock, as a pure function: no clock, no randomness, no database. Random
 * histories hold the real catalog against it, and the simulation of the saga has it for a peer.
 */

/** The stock of a product. */
export interface ModelStock {
  readonly productId: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly received: number;
  readonly sold: number;
  readonly version: number;
  readonly discontinued: boolean;
}

/** Units of one product. */
export interface ModelLine {
  readonly productId: string;
  readonly quantity: number;
}

/** A reservation; its lines are in the order of product ids. */
export interface ModelReservation {
  readonly reservationId: string;
  readonly status: ReservationStatus;
  readonly lines: readonly ModelLine[];
  readonly createTimeMs: number;
  readonly expireTimeMs: number;
  readonly version: number;
}

/** All that catalog knows about stock. */
export interface StockState {
  readonly stock: ReadonlyMap<string, ModelStock>;
  readonly reservations: ReadonlyMap<string, ModelReservation>;
}

/** A line that cannot be reserved. */
export interface ModelShortage {
  readonly productId: string;
  readonly requested: number;
  readonly available: number;
  readonly reason: ShortageReason;
}

/** What catalog can be asked; `method` is the contract's, but for `sweep`, which is the sweeper's round. */
export type StockRequest =
  | { readonly method: 'createProduct'; readonly productId: string; readonly onHand: number }
  | { readonly method: 'discontinueProduct'; readonly productId: string }
  | {
      readonly method: 'adjustStock';
      readonly productId: string;
      readonly change: { readonly difference: number } | { readonly onHand: number };
      /** Stands for the etag. @default any */
      readonly version?: number;
    }
  | {
      readonly method: 'reserveStock';
      readonly reservationId: string;
      readonly lines: readonly ModelLine[];
    }
  | { readonly method: 'commitReservation'; readonly reservationId: string }
  | { readonly method: 'releaseReservation'; readonly reservationId: string }
  | { readonly method: 'sweep' };

/** Statuses that catalog refuses with, of a request that its contract allows. */
export type StockRefusal =
  'NOT_FOUND' | 'ALREADY_EXISTS' | 'FAILED_PRECONDITION' | 'ABORTED' | 'INVALID_ARGUMENT';

/** What catalog answers: the method's own answer, or why there is none. */
export type StockAnswer =
  | { readonly kind: 'stock'; readonly stock: ModelStock }
  | { readonly kind: 'reservation'; readonly reservation: ModelReservation }
  | { readonly kind: 'shortages'; readonly shortages: readonly ModelShortage[] }
  /** Of a sweep: the reservations that it expired. */
  | { readonly kind: 'expired'; readonly reservationIds: readonly string[] }
  | { readonly kind: 'refused'; readonly status: StockRefusal };

/** The state after a request, and its answer. */
export interface StockStep {
  readonly state: StockState;
  readonly answer: StockAnswer;
}

export const NO_STOCK: StockState = { stock: new Map(), reservations: new Map() };

/** Answers a request at a time, in milliseconds since 1970. */
export function stockModel(state: StockState, request: StockRequest, nowMs: number): StockStep {
  switch (request.method) {
    case 'createProduct':
      return createProduct(state, request);
    case 'discontinueProduct':
      return discontinueProduct(state, request.productId);
    case 'adjustStock':
      return adjustStock(state, request);
    case 'reserveStock':
      return reserveStock(state, request, nowMs);
    case 'commitReservation':
      return settle(state, request.reservationId, 'CommitReservation', nowMs);
    case 'releaseReservation':
      return settle(state, request.reservationId, 'ReleaseReservation', nowMs);
    case 'sweep':
      return sweep(state, nowMs);
  }
}

/** Products of which not all that was received is on hand or sold, or of which not all that is reserved has a reservation; none, always. */
export function unconserved({ stock, reservations }: StockState): readonly string[] {
  const held = new Map<string, number>();
  for (const { status, lines } of reservations.values()) {
    if (status !== ReservationStatus.ACTIVE) continue;
    for (const line of lines) {
      held.set(line.productId, (held.get(line.productId) ?? 0) + line.quantity);
    }
  }
  return [...stock.values()]
    .filter(
      (level) =>
        level.onHand + level.sold !== level.received ||
        level.reserved !== (held.get(level.productId) ?? 0) ||
        level.reserved < 0 ||
        level.reserved > level.onHand,
    )
    .map(({ productId }) => productId);
}

function refused(state: StockState, status: StockRefusal): StockStep {
  return { state, answer: { kind: 'refused', status } };
}

function createProduct(
  state: StockState,
  { productId, onHand }: { readonly productId: string; readonly onHand: number },
): StockStep {
  if (state.stock.has(productId)) return refused(state, 'ALREADY_EXISTS');
  const stock = {
    productId,
    onHand,
    reserved: 0,
    received: onHand,
    sold: 0,
    version: 1,
    discontinued: false,
  };
  return { state: withStock(state, [stock]), answer: { kind: 'stock', stock } };
}

function discontinueProduct(state: StockState, productId: string): StockStep {
  const before = state.stock.get(productId);
  if (before === undefined) return refused(state, 'NOT_FOUND');
  // The stock stays as it is, and so does its version.
  const stock = { ...before, discontinued: true };
  return { state: withStock(state, [stock]), answer: { kind: 'stock', stock } };
}

function adjustStock(
  state: StockState,
  { productId, change, version }: Extract<StockRequest, { method: 'adjustStock' }>,
): StockStep {
  const before = state.stock.get(productId);
  if ('onHand' in change && version === undefined) return refused(state, 'INVALID_ARGUMENT');
  if (before === undefined) return refused(state, 'NOT_FOUND');
  if (version !== undefined && version !== before.version) return refused(state, 'ABORTED');
  const onHand = 'onHand' in change ? change.onHand : before.onHand + change.difference;
  if (onHand < before.reserved || onHand > ON_HAND_MAX) {
    return refused(state, 'FAILED_PRECONDITION');
  }
  if (onHand === before.onHand) return { state, answer: { kind: 'stock', stock: before } };
  const received = before.received + onHand - before.onHand;
  const stock = { ...before, onHand, received, version: before.version + 1 };
  return { state: withStock(state, [stock]), answer: { kind: 'stock', stock } };
}

function reserveStock(
  state: StockState,
  { reservationId, lines: given }: Extract<StockRequest, { method: 'reserveStock' }>,
  nowMs: number,
): StockStep {
  const lines = given.toSorted((a, b) => (a.productId < b.productId ? -1 : 1));
  const existing = state.reservations.get(reservationId);
  if (existing !== undefined) {
    // One that was released before it was made has no lines, and is none for whoever comes late.
    if (existing.lines.length > 0 && !sameLines(existing.lines, lines)) {
      return refused(state, 'ALREADY_EXISTS');
    }
    return asItIs(expireIfDue(state, existing, nowMs), reservationId);
  }
  const shortages = lines.flatMap((line) => shortageOf(state.stock.get(line.productId), line));
  if (shortages.length > 0) return { state, answer: { kind: 'shortages', shortages } };
  return begin(state, reservationId, 'ReserveStock', lines, nowMs);
}

function shortageOf(
  stock: ModelStock | undefined,
  { productId, quantity }: ModelLine,
): readonly ModelShortage[] {
  const shortage = { productId, requested: quantity, available: 0 };
  if (stock === undefined) return [{ ...shortage, reason: ShortageReason.UNKNOWN_PRODUCT }];
  if (stock.discontinued) return [{ ...shortage, reason: ShortageReason.DISCONTINUED }];
  const available = stock.onHand - stock.reserved;
  if (available >= quantity) return [];
  return [{ ...shortage, available, reason: ShortageReason.OUT_OF_STOCK }];
}

/** Commits or releases. */
function settle(
  state: StockState,
  reservationId: string,
  by: 'CommitReservation' | 'ReleaseReservation',
  nowMs: number,
): StockStep {
  const existing = state.reservations.get(reservationId);
  if (existing === undefined) {
    if (by === 'CommitReservation') return refused(state, 'NOT_FOUND');
    return begin(state, reservationId, by, [], nowMs);
  }
  const settled = expireIfDue(state, existing, nowMs);
  const found = settled.reservations.get(reservationId) ?? existing;
  const transition = transitionOf(found.status, by);
  if (transition === undefined) return asItIs(settled, reservationId);
  if (found.lines.some((line) => overflows(settled.stock.get(line.productId), line, transition))) {
    return refused(settled, 'FAILED_PRECONDITION');
  }
  return asItIs(go(settled, found, transition), reservationId);
}

/** Expires all that are due. */
function sweep(state: StockState, nowMs: number): StockStep {
  const due = [...state.reservations.values()].filter((reservation) => isDue(reservation, nowMs));
  return {
    state: due.reduce((before, reservation) => expireIfDue(before, reservation, nowMs), state),
    answer: { kind: 'expired', reservationIds: due.map(({ reservationId }) => reservationId) },
  };
}

function begin(
  state: StockState,
  reservationId: string,
  by: ReservationTransition['by'],
  lines: readonly ModelLine[],
  nowMs: number,
): StockStep {
  const transition = transitionOf(ReservationStatus.UNSPECIFIED, by);
  if (transition === undefined) throw new Error(`Nothing begins by ${by}`);
  const fresh: ModelReservation = {
    reservationId,
    status: ReservationStatus.UNSPECIFIED,
    lines,
    createTimeMs: nowMs,
    expireTimeMs: nowMs + (lines.length === 0 ? 0 : RESERVATION_LIFETIME_MS),
    version: 0,
  };
  return asItIs(go(state, fresh, transition), reservationId);
}

function isDue({ status, expireTimeMs }: ModelReservation, nowMs: number): boolean {
  return status === ReservationStatus.ACTIVE && expireTimeMs <= nowMs;
}

function expireIfDue(state: StockState, reservation: ModelReservation, nowMs: number): StockState {
  const transition = transitionOf(reservation.status, 'expire_time');
  return transition !== undefined && isDue(reservation, nowMs)
    ? go(state, reservation, transition)
    : state;
}

function overflows(
  stock: ModelStock | undefined,
  { quantity }: ModelLine,
  { perUnit }: ReservationTransition,
): boolean {
  return (stock?.onHand ?? 0) + perUnit.onHand * quantity > ON_HAND_MAX;
}

function go(
  state: StockState,
  reservation: ModelReservation,
  { to, perUnit }: ReservationTransition,
): StockState {
  const stock = reservation.lines.flatMap(({ productId, quantity }) => {
    const before = state.stock.get(productId);
    if (before === undefined) return [];
    return {
      ...before,
      onHand: before.onHand + perUnit.onHand * quantity,
      reserved: before.reserved + perUnit.reserved * quantity,
      sold: before.sold + perUnit.sold * quantity,
      version: before.version + 1,
    };
  });
  const after = { ...reservation, status: to, version: reservation.version + 1 };
  const reservations = new Map(state.reservations).set(after.reservationId, after);
  return { ...withStock(state, stock), reservations };
}

function withStock(state: StockState, changed: readonly ModelStock[]): StockState {
  if (changed.length === 0) return state;
  const stock = new Map(state.stock);
  for (const level of changed) stock.set(level.productId, level);
  return { ...state, stock };
}

function asItIs(state: StockState, reservationId: string): StockStep {
  const reservation = state.reservations.get(reservationId);
  if (reservation === undefined) throw new Error(`Reservation '${reservationId}' is not there`);
  return { state, answer: { kind: 'reservation', reservation } };
}

function sameLines(one: readonly ModelLine[], other: readonly ModelLine[]): boolean {
  return (
    one.length === other.length &&
    one.every(
      ({ productId, quantity }, index) =>
        other[index]?.productId === productId && other[index].quantity === quantity,
    )
  );
}
