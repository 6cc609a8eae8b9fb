import type { Outbox } from '@meridian/kit/events/outbox.ts';
import type { Transaction, Transactional } from '@meridian/kit/postgres/database.ts';
import { quote } from '@meridian/kit/rpc/field-violations.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { ReservationStatus } from './contract/gen/meridian/catalog/v1/stock_pb.js';
import { reservationEvent, stockEvent } from './events-of.ts';
import { isProductId } from './product-id.ts';
import { ReservationStore } from './reservation-store.ts';
import type { Clock, StoredReservation, StoredStatus } from './reservation-store.ts';
import { transitionOf } from './reservation-transitions.ts';
import type { ReservationTransition } from './reservation-transitions.ts';
import { shortagesOf } from './shortages.ts';
import type { FoundShortage } from './shortages.ts';
import { aboveMaximum } from './stock-adjustments.ts';
import { ON_HAND_MAX } from './stock-limits.ts';
import { StockStore } from './stock-store.ts';
import type { Line, StoredStock } from './stock-store.ts';
import { catalogEvents } from './topics.ts';

/** What reservations are kept with. */
export interface ReservationsOptions {
  readonly database: Transactional;
  readonly outbox: Outbox<typeof catalogEvents>;
  /** @default PostgreSQL's, the same for all replicas */
  readonly clock?: Clock;
}

/** What ReserveStock came to. */
export type Reserved =
  | { readonly kind: 'reservation'; readonly reservation: StoredReservation }
  | { readonly kind: 'shortages'; readonly shortages: readonly FoundShortage[] };

/** A reservation as it is now, and the stock that changed with it. */
export interface Settled {
  readonly reservation: StoredReservation;
  readonly changed: readonly StoredStock[];
}

/** Who brings a reservation that is there somewhere else. */
type Settling = Exclude<ReservationTransition['by'], 'ReserveStock'>;

/**
 * Reservations of units for orders. A change of one, of the stock of its lines and their events commit
 * together; which changes there are says RESERVATION_TRANSITIONS.
 */
export class Reservations {
  readonly #database: Transactional;
  readonly #outbox: Outbox<typeof catalogEvents>;
  readonly #clock: Clock;

  constructor({ database, outbox, clock = () => undefined }: ReservationsOptions) {
    this.#database = database;
    this.#outbox = outbox;
    this.#clock = clock;
  }

  /**
   * Reserves all lines or none; the lines name each product once.
   *
   * @throws {RpcError} ALREADY_EXISTS if there are other lines under the id
   */
  async reserve(
    reservationId: string,
    given: readonly Line[],
  ): Promise<Reserved & Pick<Settled, 'changed'>> {
    const lines = given.toSorted((a, b) => (a.productId < b.productId ? -1 : 1));
    try {
      const made = await this.#database.transaction((transaction) =>
        this.#make(transaction, reservationId, lines),
      );
      if (made !== undefined) return { kind: 'reservation', ...made };
    } catch (error) {
      if (error instanceof Short)
        return { kind: 'shortages', shortages: error.shortages, changed: [] };
      throw error;
    }
    const { reservation, changed } = await this.#repeated(reservationId, lines);
    return { kind: 'reservation', reservation, changed };
  }

  /** @throws {RpcError} NOT_FOUND if there is none. */
  async commit(reservationId: string): Promise<Settled> {
    const settled = await this.#database.transaction((transaction) =>
      this.#settle(transaction, reservationId, 'CommitReservation'),
    );
    if (settled === undefined) throw reservationNotFound(reservationId);
    return settled;
  }

  /** Frees what is reserved, or takes back what was sold; leaves a mark where there is nothing yet. */
  async release(reservationId: string): Promise<Settled> {
    return await this.#database.transaction(async (transaction) => {
      const released =
        (await this.#settle(transaction, reservationId, 'ReleaseReservation')) ??
        (await this.#mark(transaction, reservationId)) ??
        // Somebody made it between the two, and has committed it.
        (await this.#settle(transaction, reservationId, 'ReleaseReservation'));
      if (released === undefined) throw reservationNotFound(reservationId);
      return released;
    });
  }

  /**
   * Expires some of those whose time is up, at most `limit`; undefined if there are none that nobody
   * else is expiring.
   */
  async expireSome(
    limit: number,
  ): Promise<{ readonly expired: number; readonly changed: readonly StoredStock[] }> {
    return await this.#database.transaction(async (transaction) => {
      const store = new ReservationStore(transaction, this.#clock);
      const due = await store.lockDue(limit);
      if (due.length === 0) return { expired: 0, changed: [] };
      const ids = due.map(({ reservationId }) => reservationId);
      const expired = await store.setStatus(ids, ReservationStatus.EXPIRED);
      const lines = expired.flatMap((reservation) => reservation.lines);
      // All at once and in order, before one reservation after the other changes some of them.
      await new StockStore(transaction).lock([...new Set(lines.map(({ productId }) => productId))]);
      const transition = known(ReservationStatus.ACTIVE, 'expire_time');
      const changed: StoredStock[] = [];
      for (const reservation of expired) {
        changed.push(...(await this.#tell(transaction, reservation, transition)));
      }
      return { expired: expired.length, changed };
    });
  }

  /** Makes a reservation; undefined if there is one of that id. @throws {Short} */
  async #make(
    transaction: Transaction,
    reservationId: string,
    lines: readonly Line[],
  ): Promise<Settled | undefined> {
    const store = new ReservationStore(transaction, this.#clock);
    const reservation = await store.insert(reservationId, ReservationStatus.ACTIVE, lines);
    if (reservation === undefined) return undefined;
    const productIds = lines.map(({ productId }) => productId).filter(isProductId);
    const shortages = shortagesOf(lines, await new StockStore(transaction).lock(productIds));
    if (shortages.length > 0) throw new Short(shortages);
    const transition = known(ReservationStatus.UNSPECIFIED, 'ReserveStock');
    return { reservation, changed: await this.#tell(transaction, reservation, transition) };
  }

  /** Brings a reservation on, if it can go there; undefined if there is none. */
  async #settle(
    transaction: Transaction,
    reservationId: string,
    by: Settling | undefined,
    check: (reservation: StoredReservation) => void = () => undefined,
  ): Promise<Settled | undefined> {
    const store = new ReservationStore(transaction, this.#clock);
    const locked = await store.lock(reservationId);
    if (locked === undefined) return undefined;
    const { reservation, due } = locked;
    check(reservation);
    const actor = due ? 'expire_time' : by;
    const transition = actor && transitionOf(reservation.status, actor);
    if (transition === undefined) return { reservation, changed: [] };
    const [after] = await store.setStatus([reservationId], statusOf(transition));
    if (after === undefined) throw reservationNotFound(reservationId);
    const stock = await new StockStore(transaction).lock(
      reservation.lines.map(({ productId }) => productId),
    );
    refuseOverflow(reservation.lines, stock, transition);
    return { reservation: after, changed: await this.#tell(transaction, after, transition) };
  }

  /** Marks an id as released, so that a reservation under it that comes late finds it so. */
  async #mark(transaction: Transaction, reservationId: string): Promise<Settled | undefined> {
    const store = new ReservationStore(transaction, this.#clock);
    const reservation = await store.insert(reservationId, ReservationStatus.RELEASED, []);
    if (reservation === undefined) return undefined;
    const transition = known(ReservationStatus.UNSPECIFIED, 'ReleaseReservation');
    return { reservation, changed: await this.#tell(transaction, reservation, transition) };
  }

  /** A reservation of these lines as it is, expired if its time is up; of others nothing changes. */
  async #repeated(reservationId: string, lines: readonly Line[]): Promise<Settled> {
    const found = await this.#database.transaction((transaction) =>
      this.#settle(transaction, reservationId, undefined, (reservation) => {
        // One that was released before it was made has none, and is none for whoever comes late.
        if (reservation.lines.length === 0 || sameLines(reservation.lines, lines)) return;
        throw new RpcError(
          'ALREADY_EXISTS',
          `There is a reservation ${quote(reservationId)} of other lines already`,
        );
      }),
    );
    if (found === undefined) throw reservationNotFound(reservationId);
    return found;
  }

  /** Changes the stock of the lines, which is locked, and leaves the events of all that changed. */
  async #tell(
    transaction: Transaction,
    reservation: StoredReservation,
    transition: ReservationTransition,
  ): Promise<readonly StoredStock[]> {
    const { lines, reservationId } = reservation;
    const changed =
      lines.length === 0
        ? []
        : await new StockStore(transaction).move(lines, transition, reservationId);
    if (changed.length !== lines.length) {
      throw new Error(`Reservation '${reservationId}': stock of a line is gone`);
    }
    const events = [reservationEvent(reservation), ...changed.map(stockEvent)];
    await this.#outbox.add(transaction, catalogEvents, events, { correlationId: reservationId });
    return changed;
  }
}

/** Undoes the transaction of a reservation that cannot be made; never seen outside of this file. */
class Short extends Error {
  override readonly name = 'Short';
  readonly shortages: readonly FoundShortage[];

  constructor(shortages: readonly FoundShortage[]) {
    super('There is too little stock');
    this.shortages = shortages;
  }
}

function known(from: ReservationStatus, by: ReservationTransition['by']): ReservationTransition {
  const transition = transitionOf(from, by);
  if (transition === undefined) throw new Error(`Nothing leads from ${from} by ${by}`);
  return transition;
}

function statusOf({ to }: ReservationTransition): StoredStatus {
  if (to === ReservationStatus.UNSPECIFIED) throw new Error('Nothing becomes unspecified');
  return to;
}

function refuseOverflow(
  lines: readonly Line[],
  stock: readonly StoredStock[],
  { perUnit }: ReservationTransition,
): void {
  const onHand = new Map(stock.map((level) => [level.productId, level.onHand]));
  for (const { productId, quantity } of lines) {
    const after = (onHand.get(productId) ?? 0) + perUnit.onHand * quantity;
    if (after > ON_HAND_MAX) throw aboveMaximum({ productId }, after);
  }
}

function sameLines(one: readonly Line[], other: readonly Line[]): boolean {
  const text = (lines: readonly Line[]): string =>
    lines.map(({ productId, quantity }) => `${productId} ${quantity}`).join();
  return text(one) === text(other);
}

function reservationNotFound(reservationId: string): RpcError {
  return new RpcError('NOT_FOUND', `There is no reservation with the id ${quote(reservationId)}`);
}
