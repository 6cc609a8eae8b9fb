import { DatabaseError } from 'pg';
import { RpcError } from '../rpc/rpc-error.ts';
import type { StatusName } from '../rpc/rpc-error.ts';

/** What a caller is told, by SQLSTATE. Source: PostgreSQL, appendix A, "PostgreSQL Error Codes". */
const BY_STATE: Readonly<Record<string, readonly [StatusName, string]>> = {
  // query_canceled: the statement timeout.
  '57014': ['DEADLINE_EXCEEDED', 'the database took too long'],
  // admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout.
  '57P01': ['UNAVAILABLE', 'the database is unavailable'],
  '57P02': ['UNAVAILABLE', 'the database is unavailable'],
  '57P03': ['UNAVAILABLE', 'the database is unavailable'],
  '57P05': ['UNAVAILABLE', 'the database is unavailable'],
  // read_only_sql_transaction: a standby, after a fail-over.
  '25006': ['UNAVAILABLE', 'the database is unavailable'],
  // too_many_connections.
  '53300': ['UNAVAILABLE', 'the database is overloaded'],
  // lock_not_available, serialization_failure, deadlock_detected.
  '55P03': ['ABORTED', 'another change was faster; try again'],
  '40001': ['ABORTED', 'another change was faster; try again'],
  '40P01': ['ABORTED', 'another change was faster; try again'],
};

/** Class 08: connection exceptions. */
const CONNECTION_CLASS = '08';

const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Messages of pg that carry no code. */
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|The server does not support SSL|Query read timeout)/;

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
 * The RpcError for an error of the database when its status follows from the database's state, such
 * as a lost connection; any other that PostgreSQL answered as a StatementError, for the code that knows
 * what it did; and any other as it is.
 */
export function databaseError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown;
  const error = thrown instanceof DatabaseError ? new StatementError(thrown) : thrown;
  const code = (error as { code?: unknown }).code;
  const state = typeof code === 'string' ? code : '';
  const known = BY_STATE[state];
  if (known !== undefined) return new RpcError(known[0], known[1], { cause: error });
  const lost =
    state.startsWith(CONNECTION_CLASS) ||
    SYSTEM_CODES.has(state) ||
    state.startsWith('ERR_SSL') ||
    state.startsWith('ERR_TLS') ||
    LOST.test(error.message);
  return lost ? unavailable(error) : error;
}

/** The RpcError for whatever kept us from a connection: the database is not there for the caller. */
export function connectionError(thrown: unknown): RpcError {
  const error = databaseError(thrown);
  return error instanceof RpcError ? error : unavailable(error);
}

function unavailable(cause: unknown): RpcError {
  return new RpcError('UNAVAILABLE', 'the database is unavailable', { cause });
}
