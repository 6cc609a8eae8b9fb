import type { Session } from '@meridian/kit/postgres/database.ts';
import { ReservationStatus } from './contract/gen/meridian/catalog/v1/stock_pb.js';
import { RESERVATION_LIFETIME_MS } from './stock-limits.ts';
import type { Line } from './stock-store.ts';

/** A reservation as it is stored. */
export interface StoredReservation {
  readonly reservationId: string;
  readonly status: ReservationStatus;
  /** In the order of product ids. */
  readonly lines: readonly Line[];
  /** Microseconds since 1970, like those that follow. */
  readonly createTimeMicros: bigint;
  readonly expireTimeMicros: bigint;
  readonly updateTimeMicros: bigint;
  readonly version: bigint;
}

/** One that is locked, and whether its time is up and nobody has said so yet. */
export interface LockedReservation {
  readonly reservation: StoredReservation;
  readonly due: boolean;
}

/** Tells the time, for what depends on how long a reservation lives; undefined means PostgreSQL's own. */
export type Clock = () => Date | undefined;

interface ReservationRow {
  readonly reservation_id: string;
  readonly status: string;
  readonly product_ids: readonly string[];
  readonly quantities: readonly number[];
  readonly create_time_micros: string;
  readonly expire_time_micros: string;
  readonly update_time_micros: string;
  readonly version: string;
}

/** The words of the table for the contract's statuses. */
export const STATUS_WORDS = [
  [ReservationStatus.ACTIVE, 'active'],
  [ReservationStatus.COMMITTED, 'committed'],
  [ReservationStatus.RELEASED, 'released'],
  [ReservationStatus.EXPIRED, 'expired'],
  [ReservationStatus.RETURNED, 'returned'],
] as const;

/** A status that a reservation can have. */
export type StoredStatus = (typeof STATUS_WORDS)[number][0];

const WORD_OF: ReadonlyMap<StoredStatus, string> = new Map(STATUS_WORDS);
const STATUS_OF: ReadonlyMap<string, StoredStatus> = new Map(
  STATUS_WORDS.map(([status, word]) => [word, status]),
);

const linesOf = (column: string): string => `ARRAY (
  SELECT line.${column} FROM reservation_lines AS line
  WHERE line.reservation_id = stored.reservation_id ORDER BY line.product_id)`;

const OWN_COLUMNS = `
  stored.reservation_id, stored.status, stored.version,
  (extract(epoch FROM stored.create_time) * 1000000)::bigint AS create_time_micros,
  (extract(epoch FROM stored.expire_time) * 1000000)::bigint AS expire_time_micros,
  (extract(epoch FROM stored.update_time) * 1000000)::bigint AS update_time_micros`;

const COLUMNS = `${OWN_COLUMNS},
  ${linesOf('product_id')} AS product_ids, ${linesOf('quantity')} AS quantities`;

const SELECT_RESERVATION = `SELECT ${COLUMNS} FROM reservations AS stored`;

/** One clock for all replicas, unless a test brings its own. */
const at = (parameter: string): string =>
  `coalesce(${parameter}::timestamptz, statement_timestamp())`;

const INSERT_RESERVATION = `
  INSERT INTO reservations AS stored (reservation_id, status, create_time, update_time, expire_time)
  SELECT $1, $2, time, time, time + $4 * interval '1 millisecond'
  FROM (SELECT ${at('$3')}) AS clock (time)
  ON CONFLICT DO NOTHING
  RETURNING ${OWN_COLUMNS}`;

const DUE = `(stored.status = 'active' AND stored.expire_time <= ${at('$2')})`;

const LOCK_RESERVATION = `
  SELECT ${COLUMNS}, ${DUE} AS due FROM reservations AS stored
  WHERE reservation_id = $1 FOR NO KEY UPDATE`;

const LOCK_DUE = `
  ${SELECT_RESERVATION} WHERE ${DUE}
  ORDER BY expire_time LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED`;

const SET_STATUS = `
  UPDATE reservations AS stored
  SET status = $2, version = version + 1, update_time = greatest(${at('$3')}, update_time)
  WHERE reservation_id = ANY ($1::uuid[])
  RETURNING ${COLUMNS}`;

/** Reservations in PostgreSQL. Whoever locks one and the stock of its lines locks the reservation first. */
export class ReservationStore {
  readonly #session: Session;
  readonly #clock: Clock;

  constructor(session: Session, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
  }

  /**
   * Makes a reservation whose lines are in the order of product ids; undefined if there is one of that id.
   * The lines are stored with the change of their stock (StockStore.move).
   */
  async insert(
    reservationId: string,
    status: StoredStatus,
    lines: readonly Line[],
  ): Promise<StoredReservation | undefined> {
    const [row] = await this.#session.query<Omit<ReservationRow, 'product_ids' | 'quantities'>>({
      name: 'insert_reservation',
      text: INSERT_RESERVATION,
      values: [
        reservationId,
        WORD_OF.get(status),
        this.#clock(),
        status === ReservationStatus.ACTIVE ? RESERVATION_LIFETIME_MS : 0,
      ],
    });
    const given = {
      product_ids: lines.map(({ productId }) => productId),
      quantities: lines.map(({ quantity }) => quantity),
    };
    return row === undefined ? undefined : fromRow({ ...row, ...given });
  }

  /** The reservation, locked until the transaction ends. */
  async lock(reservationId: string): Promise<LockedReservation | undefined> {
    const [row] = await this.#session.query<ReservationRow & { readonly due: boolean }>({
      name: 'lock_reservation',
      text: LOCK_RESERVATION,
      values: [reservationId, this.#clock()],
    });
    return row === undefined ? undefined : { reservation: fromRow(row), due: row.due };
  }

  /** Some of those whose time is up, locked; those that others have locked are left to them. */
  async lockDue(limit: number): Promise<readonly StoredReservation[]> {
    const rows = await this.#session.query<ReservationRow>({
      name: 'lock_due_reservations',
      text: LOCK_DUE,
      values: [limit, this.#clock()],
    });
    return rows.map(fromRow);
  }

  /** Gives locked reservations a status; as they are now, in any order. */
  async setStatus(
    reservationIds: readonly string[],
    status: StoredStatus,
  ): Promise<readonly StoredReservation[]> {
    const rows = await this.#session.query<ReservationRow>({
      name: 'set_reservation_status',
      text: SET_STATUS,
      values: [reservationIds, WORD_OF.get(status), this.#clock()],
    });
    return rows.map(fromRow);
  }

  /** In the order of ids, at most `limit`, of those after one. */
  async list(
    limit: number,
    afterReservationId: string | undefined,
  ): Promise<readonly StoredReservation[]> {
    const after = afterReservationId !== undefined;
    const rows = await this.#session.query<ReservationRow>({
      name: after ? 'list_reservations_after' : 'list_reservations',
      text: `${SELECT_RESERVATION} ${after ? 'WHERE reservation_id > $2' : ''} ORDER BY reservation_id LIMIT $1`,
      values: after ? [limit, afterReservationId] : [limit],
    });
    return rows.map(fromRow);
  }
}

function fromRow(row: ReservationRow): StoredReservation {
  const status = STATUS_OF.get(row.status);
  if (status === undefined) {
    throw new Error(`Reservation '${row.reservation_id}': status must be known, got ${row.status}`);
  }
  return {
    reservationId: row.reservation_id,
    status,
    lines: row.product_ids.map((productId, index) => ({
      productId,
      quantity: row.quantities[index] ?? 0,
    })),
    createTimeMicros: BigInt(row.create_time_micros),
    expireTimeMicros: BigInt(row.expire_time_micros),
    updateTimeMicros: BigInt(row.update_time_micros),
    version: BigInt(row.version),
  };
}
