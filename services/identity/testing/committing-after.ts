import type { Transactional } from '@meridian/kit/postgres/database.ts';

/** What a test may do with a transaction that is about to commit, such as wait. */
export type BeforeCommit = () => Promise<void>;

/** The same database, with something that happens before each commit. */
export function committingAfter(database: Transactional, before: BeforeCommit): Transactional {
  return {
    query: (statement) => database.query(statement),
    transaction: (work) =>
      database.transaction(async (transaction) => {
        const answer = await work(transaction);
        await before();
        return answer;
      }),
  };
}
