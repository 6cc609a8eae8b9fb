import type { Session, Statement } from '@meridian/kit/postgres/database.ts';
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
