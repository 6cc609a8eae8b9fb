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

/**
 * The RpcError for an error of the database when its status follows from the database's state, such
 * as a lost connection; any other error comes back as it is, for the code that knows what it did.
 */
export function databaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
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
  return lost
    ? new RpcError('UNAVAILABLE', 'the database is unavailable', { cause: error })
    : error;
}
