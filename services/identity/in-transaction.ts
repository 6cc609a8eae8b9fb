import type { Transaction, Transactional } from '@meridian/kit/postgres/database.ts';

/** Runs work in the transaction that is given, or in one of its own if none is. */
export function inTransaction<T>(
  database: Transactional,
  given: Transaction | undefined,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return given === undefined ? database.transaction(work) : work(given);
}
