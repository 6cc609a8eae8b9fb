import type { Pool } from 'pg';

/** Empties the tables of catalog; what may only be added to is cut off as a whole. */
export async function emptyCatalog(pool: Pool): Promise<void> {
  await pool.query(
    'TRUNCATE products, stock, stock_movements, reservations, reservation_lines, outbox, idempotency_keys',
  );
}
