import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { inBackground } from '../background.ts';
import { currentScope } from '../call-scope.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import type { OperationTimer } from '../telemetry/operation-timer.ts';
import type { Statement, Transaction, Transactional } from './database.ts';
import { connectionError, databaseError } from './database-error.ts';
import { endsSession } from './database-trouble.ts';

/** Statements and transactions on the connections of a pool. */
export class PooledSessions implements Transactional {
  readonly #pool: Pool;
  readonly #timer: OperationTimer;

  constructor(pool: Pool, timer: OperationTimer) {
    this.#pool = pool;
    this.#timer = timer;
  }

  query<Row extends QueryResultRow>(statement: Statement): Promise<readonly Row[]> {
    return this.#timer(statement.name, () =>
      this.#onConnection((connection) => connection.rows<Row>(statement)),
    );
  }

  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const committed: (() => void)[] = [];
    const answer = await this.#timer('transaction', () =>
      this.#onConnection((connection) =>
        inTransaction(connection, () =>
          work({
            query: (statement) => this.#timer(statement.name, () => connection.rows(statement)),
            onCommit: (listener) => void committed.push(listener),
          }),
        ),
      ),
    );
    // What was committed was done, whatever becomes of those who are told.
    for (const listener of committed) inBackground('after a commit', listener);
    return answer;
  }

  async #onConnection<T>(use: (connection: LentConnection) => Promise<T>): Promise<T> {
    const connection = new LentConnection(await this.#connect());
    try {
      return await use(connection);
    } finally {
      connection.giveBack();
    }
  }

  async #connect(): Promise<PoolClient> {
    const scope = currentScope();
    if (scope !== undefined && scope.deadlineMs <= Date.now()) {
      throw new RpcError('DEADLINE_EXCEEDED', 'the deadline has passed');
    }
    refuseWhenGone();
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw connectionError(error);
    }
  }
}

/**
 * A connection of the pool while somebody has it. It is thrown away afterwards if a statement on it
 * showed that it is of no use; errors of anything else that its user did say nothing about it.
 */
class LentConnection {
  readonly #client: PoolClient;
  #useless = false;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async rows<Row extends QueryResultRow>({
    name,
    text,
    values,
  }: Statement): Promise<readonly Row[]> {
    const given = values === undefined ? {} : { values: [...values] };
    return (await this.run<Row>({ name, text, ...given })).rows;
  }

  /** Runs a statement; throws what a caller may be told. */
  async run<Row extends QueryResultRow>(config: QueryConfig): Promise<QueryResult<Row>> {
    try {
      return await this.#client.query<Row>(config);
    } catch (error) {
      this.#useless ||= endsSession(error);
      throw databaseError(error);
    }
  }

  /** Never throws: the server rolls back what belongs to a connection that is thrown away. */
  async rollBack(): Promise<void> {
    if (this.#useless) return;
    try {
      await this.#client.query('ROLLBACK');
    } catch {
      this.#useless = true;
    }
  }

  giveBack(): void {
    this.#client.release(this.#useless);
  }
}

async function inTransaction<T>(connection: LentConnection, work: () => Promise<T>): Promise<T> {
  await connection.run({ text: 'BEGIN' });
  let result: T;
  try {
    // Asked again now: a process that hung hears of the call and of its end together.
    refuseWhenGone();
    result = await work();
  } catch (error) {
    // Why it is rolled back is what the caller has to hear, whatever becomes of that.
    await connection.rollBack();
    throw error;
  }
  const { command } = await connection.run({ text: 'COMMIT' });
  // The server answers so when a statement has failed before and the work took no notice.
  if (command !== 'COMMIT') throw new Error(`A transaction was to be committed, got ${command}`);
  return result;
}

/**
 * Throws if whoever asked for the work waits no longer: what was given up is not begun, since it may have
 * been done by another replica meanwhile, and changed since.
 */
function refuseWhenGone(): void {
  if (currentScope()?.cancelled === true) {
    throw new RpcError('CANCELLED', 'the caller no longer waits');
  }
}
