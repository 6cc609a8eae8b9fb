import { DatabaseError } from 'pg';
import { RpcError } from '../rpc/rpc-error.ts';
import type { StatusName } from '../rpc/rpc-error.ts';
import { databaseTrouble } from './database-trouble.ts';
import type { DatabaseTrouble } from './database-trouble.ts';

/** What a caller is told. */
const TOLD: Readonly<Record<Exclude<DatabaseTrouble, 'defect'>, readonly [StatusName, string]>> = {
  away: ['UNAVAILABLE', 'the database is unavailable'],
  contended: ['ABORTED', 'another change was faster; try again'],
  slow: ['DEADLINE_EXCEEDED', 'the database took too long'],
};

/** too_many_connections, and what the pool says of itself. */
const OVERLOADED = { code: '53300', message: 'timeout exceeded when trying to connect' } as const;

/** Classes whose messages quote values: 22 "Data Exception", and P0, what a function raised. */
const QUOTES_VALUES = /^(22|P0)/;

/**
 * What PostgreSQL said of a statement that it refused, without a value: its DETAIL, CONTEXT and HINT
 * show rows and parameters, such as the hash of a password that broke a constraint, and errors end in
 * the log. Source: PostgreSQL, "Error and Notice Message Fields".
 */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  /** SQLSTATE, such as '23505'. */
  readonly code: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
  /** Function of PostgreSQL's source that refused it; tells of what kind a value was. */
  readonly routine: string | undefined;

  constructor({ message, code, table, column, constraint, routine }: DatabaseError) {
    super(
      QUOTES_VALUES.test(code ?? '') ? 'PostgreSQL refused a value, which is not shown' : message,
    );
    this.code = code;
    this.table = table;
    this.column = column;
    this.constraint = constraint;
    this.routine = routine;
  }
}

/**
 * The RpcError for an error whose status follows from the state of the database, such as a lost
 * connection; any other that PostgreSQL answered as a StatementError, for the code that knows what it
 * did; and any other as it is.
 */
export function databaseError(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof RpcError) return thrown;
  const error = thrown instanceof DatabaseError ? new StatementError(thrown) : thrown;
  const trouble = databaseTrouble(thrown);
  if (trouble === 'defect') return error;
  const [status, message] = TOLD[trouble];
  return new RpcError(status, isOverload(thrown) ? 'the database is overloaded' : message, {
    cause: error,
  });
}

/** The RpcError for whatever kept us from a connection: the database is not there for the caller. */
export function connectionError(thrown: unknown): RpcError {
  const error = databaseError(thrown);
  if (error instanceof RpcError) return error;
  const [status, message] = TOLD.away;
  return new RpcError(status, message, { cause: error });
}

function isOverload(error: Error & { readonly code?: unknown }): boolean {
  return error.code === OVERLOADED.code || error.message === OVERLOADED.message;
}
