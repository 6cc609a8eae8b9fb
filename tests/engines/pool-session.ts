import type { Session, Statement, Transactional } from '@meridian/kit/postgres/database.ts';
import type { Pool, QueryResultRow } from 'pg';

/** A pool of a throw-away database as the kit's session, without the kit's TLS and metrics. */
export function sessionOf(pool: Pick<Pool, 'query'>): Session {
  return {
    async query<Row extends QueryResultRow>({ name, text, values = [] }: Statement) {
      const result = await pool.query<Row>({ name, text, values: [...values] });
      return result.rows;
    },
  };
}

/** What a test may do with a transaction that is about to commit, such as wait. */
export type BeforeCommit = () => Promise<void>;

/** The same with transactions. */
export function transactionalOf(
  pool: Pool,
  beforeCommit: BeforeCommit = () => Promise.resolve(),
): Transactional {
  return {
    ...sessionOf(pool),
    async transaction(work) {
      const committed: (() => void)[] = [];
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const session = sessionOf(client);
        const onCommit = (listener: () => void): void => void committed.push(listener);
        const answer = await work({ ...session, onCommit });
        await beforeCommit();
        await client.query('COMMIT');
        for (const listener of committed) listener();
        return answer;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      } finally {
        client.release();
      }
    },
  };
}
