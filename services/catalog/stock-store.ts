import type { Session } from '@meridian/kit/postgres/database.ts';
import { ReservationStatus } from './contract/gen/meridian/catalog/v1/stock_pb.js';
import type { MovementKind, ReservationTransition } from './reservation-transitions.ts';

/** The stock of a product as it is stored. */
export interface StoredStock {
  readonly productId: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly received: bigint;
  readonly sold: bigint;
  readonly discontinued: boolean;
  /** Microseconds since 1970. */
  readonly updateTimeMicros: bigint;
  readonly version: bigint;
}

/** A product that is new, and its units on hand. */
export interface OpeningStock {
  readonly productId: string;
  readonly onHand: number;
}

/** Units of a product. */
export interface Line {
  readonly productId: string;
  readonly quantity: number;
}

/** A change of the units on hand, and why. */
export interface StockAdjustment {
  readonly productId: string;
  readonly difference: number;
  readonly kind: Extract<MovementKind, 'received' | 'corrected'>;
  readonly reference: string;
}

/** A row as pg gives it: bigint as text. */
interface StockRow {
  readonly product_id: string;
  readonly on_hand: number;
  readonly reserved: number;
  readonly received: string;
  readonly sold: string;
  readonly discontinued: boolean;
  readonly update_time_micros: string;
  readonly version: string;
}

const COLUMNS = `
  stored.product_id, stored.on_hand, stored.reserved, stored.received, stored.sold,
  stored.discontinued, stored.version,
  (extract(epoch FROM stored.update_time) * 1000000)::bigint AS update_time_micros`;

const SELECT_STOCK = `SELECT ${COLUMNS} FROM stock AS stored`;

/** Never back in time, so that version and time together are met once, also after a wipe. */
const CHANGED = `version = stored.version + 1, update_time = greatest(now(), stored.update_time)`;

const CREATE_STOCK = `
  WITH stored AS (
    INSERT INTO stock (product_id, on_hand, received)
    SELECT product_id, on_hand, on_hand
    FROM unnest($1::uuid[], $2::integer[]) AS given (product_id, on_hand)
    RETURNING *
  ), moved AS (
    INSERT INTO stock_movements (product_id, version, kind, quantity, reference, create_time)
    SELECT product_id, version, 'received', on_hand, $3, update_time FROM stored WHERE on_hand > 0
  )
  SELECT ${COLUMNS} FROM stored`;

/** For a lock that lines of reservations, which refer to the row, need not wait for. */
const LOCK_STOCK = `
  ${SELECT_STOCK} WHERE product_id = ANY ($1::uuid[]) ORDER BY product_id FOR NO KEY UPDATE`;

const ADJUST_STOCK = `
  WITH stored AS (
    UPDATE stock AS stored SET on_hand = on_hand + $2::integer, received = received + $2::integer, ${CHANGED}
    WHERE product_id = $1
    RETURNING *
  ), moved AS (
    INSERT INTO stock_movements (product_id, version, kind, quantity, reference, create_time)
    SELECT product_id, version, $3, $2::integer, $4, update_time FROM stored
  )
  SELECT ${COLUMNS} FROM stored`;

/** What a transition does to the stock of each line; the first one stores the lines too. */
const MOVE_STOCK = `
  WITH stored AS (
    UPDATE stock AS stored
    SET on_hand = on_hand + $3::integer * quantity, reserved = reserved + $4::integer * quantity,
        sold = sold + $5::integer * quantity, ${CHANGED}
    FROM unnest($1::uuid[], $2::integer[]) AS given (product_id, quantity)
    WHERE stored.product_id = given.product_id
    RETURNING stored.*, quantity
  ), moved AS (
    INSERT INTO stock_movements (product_id, version, kind, quantity, reference, create_time)
    SELECT product_id, version, $6::text, quantity, $7::text, update_time FROM stored WHERE $6::text IS NOT NULL
  ), lines AS (
    INSERT INTO reservation_lines (reservation_id, product_id, quantity)
    SELECT $7::text::uuid, product_id, quantity FROM stored WHERE $8::boolean
  )
  SELECT ${COLUMNS} FROM stored ORDER BY product_id`;

/** The stock in PostgreSQL. Whoever changes rows of several products locks them first, by `lock`. */
export class StockStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Gives products that are new their stock; `reference` says what it came with. */
  create(opening: readonly OpeningStock[], reference: string): Promise<readonly StoredStock[]> {
    return this.#rows('create_stock', CREATE_STOCK, [
      opening.map(({ productId }) => productId),
      opening.map(({ onHand }) => onHand),
      reference,
    ]);
  }

  /** The stock of the product with this id, which has the form of one. */
  async get(productId: string): Promise<StoredStock | undefined> {
    const text = `${SELECT_STOCK} WHERE product_id = $1`;
    const [stock] = await this.#rows('get_stock', text, [productId]);
    return stock;
  }

  /** In the order of product ids, at most `limit`, of those after one. */
  list(limit: number, afterProductId: string | undefined): Promise<readonly StoredStock[]> {
    return afterProductId === undefined
      ? this.#rows('list_stock', `${SELECT_STOCK} ORDER BY product_id LIMIT $1`, [limit])
      : this.#rows(
          'list_stock_after',
          `${SELECT_STOCK} WHERE product_id > $2 ORDER BY product_id LIMIT $1`,
          [limit, afterProductId],
        );
  }

  /**
   * The stock of those of these products that there are, locked until the transaction ends; in the order
   * of their ids, so that two that lock the same never wait for each other in a circle.
   */
  lock(productIds: readonly string[]): Promise<readonly StoredStock[]> {
    return this.#rows('lock_stock', LOCK_STOCK, [productIds]);
  }

  /** Adds to the units on hand of a product, which is there. */
  async adjust(adjustment: StockAdjustment): Promise<StoredStock> {
    const { productId, difference, kind, reference } = adjustment;
    const values = [productId, difference, kind, reference];
    const [stock] = await this.#rows('adjust_stock', ADJUST_STOCK, values);
    if (stock === undefined) throw new Error(`Stock of '${productId}' is gone`);
    return stock;
  }

  /**
   * Does what a transition of a reservation does to the stock of its lines, which is locked; where the
   * reservation begins, the lines are stored.
   */
  move(
    lines: readonly Line[],
    { from, perUnit, movement }: ReservationTransition,
    reservationId: string,
  ): Promise<readonly StoredStock[]> {
    return this.#rows('move_stock', MOVE_STOCK, [
      lines.map(({ productId }) => productId),
      lines.map(({ quantity }) => quantity),
      perUnit.onHand,
      perUnit.reserved,
      perUnit.sold,
      movement,
      reservationId,
      from === ReservationStatus.UNSPECIFIED,
    ]);
  }

  /** Notes that the product is discontinued: nothing is reserved of it any more. */
  async discontinue(productId: string): Promise<void> {
    await this.#session.query({
      name: 'discontinue_stock',
      text: 'UPDATE stock SET discontinued = true WHERE product_id = $1',
      values: [productId],
    });
  }

  async #rows(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly StoredStock[]> {
    const rows = await this.#session.query<StockRow>({ name, text, values });
    return rows.map(fromRow);
  }
}

function fromRow(row: StockRow): StoredStock {
  return {
    productId: row.product_id,
    onHand: row.on_hand,
    reserved: row.reserved,
    received: BigInt(row.received),
    sold: BigInt(row.sold),
    discontinued: row.discontinued,
    updateTimeMicros: BigInt(row.update_time_micros),
    version: BigInt(row.version),
  };
}
