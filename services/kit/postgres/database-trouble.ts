/**
 * What an error on the way to PostgreSQL, or of it, means for whoever asked. `away`: the database, the
 * machine that it runs on or the way to it has to get well, and then the same works. `contended`:
 * another transaction was in the way, and the same works when tried again. `slow`: a limit of time was
 * met. `defect`: what was asked is wrong, and stays wrong.
 */
export type DatabaseTrouble = 'away' | 'contended' | 'slow' | 'defect';

/**
 * By class, the first two characters of a SQLSTATE; a class that is not here says that the statement is
 * wrong. Source: PostgreSQL 15 to 18, appendix A, "PostgreSQL Error Codes".
 */
const BY_CLASS: Readonly<Record<string, DatabaseTrouble>> = {
  // Connection exception.
  '08': 'away',
  // Invalid authorization specification: said when a session begins, while a role, its rule or its
  // certificate is not there yet or not any more.
  '28': 'away',
  // Invalid catalog name: the database is not there yet, or was dropped.
  '3D': 'away',
  // Transaction rollback: serialization failures and deadlocks.
  '40': 'contended',
  // Insufficient resources: disk, memory, connections.
  '53': 'away',
  // Operator intervention.
  '57': 'away',
  // System error, external to PostgreSQL.
  '58': 'away',
  // Snapshot failure; gone with PostgreSQL 17.
  '72': 'contended',
  // Configuration file error.
  F0: 'away',
  // Internal error, corrupted data: PostgreSQL's defect or its disk's, and no statement's.
  XX: 'away',
};

/** read_only_sql_transaction: a standby, after a fail-over. */
const READ_ONLY = '25006';

/** Where a code says something else than its class. */
const BY_STATE: Readonly<Record<string, DatabaseTrouble>> = {
  // protocol_violation: a statement with too many or too few values.
  '08P01': 'defect',
  [READ_ONLY]: 'away',
  // idle_in_transaction_session_timeout, transaction_timeout.
  '25P03': 'slow',
  '25P04': 'slow',
  // statement_completion_unknown: nobody may conclude that it was rolled back.
  '40003': 'away',
  // object_in_use, lock_not_available.
  '55006': 'contended',
  '55P03': 'contended',
  // query_canceled: the statement timeout.
  '57014': 'slow',
};

/** Severities after which the server ends the session. Source: PostgreSQL, "Message Severity Levels". */
const ENDS_SESSION: ReadonlySet<unknown> = new Set(['FATAL', 'PANIC']);

/**
 * Functions of PostgreSQL that say `program_limit_exceeded` when the server, and no statement, has run
 * out of transaction ids. Source: PostgreSQL, src/backend/access/transam/{varsup,multixact}.c.
 */
const OUT_OF_IDS: ReadonlySet<unknown> = new Set(['GetNewTransactionId', 'GetNewMultiXactId']);

/**
 * What tells the server's trouble from a statement's defect where both have one code. Sources:
 * PostgreSQL, errcode_for_file_access in src/backend/utils/error/elog.c; InitPostgres.
 */
const IS_OF_THE_SERVER: Readonly<Record<string, (told: Told) => boolean>> = {
  // A disk that turned read-only reads as insufficient_privilege, a broken folder as wrong_object_type.
  '42501': ({ message }) => COULD_NOT_USE_FILE.test(String(message)),
  '42809': ({ message }) => COULD_NOT_USE_FILE.test(String(message)),
  '54000': ({ routine }) => OUT_OF_IDS.has(routine),
  // A database that takes no connections for now, and otherwise an object that is not set up.
  '55000': ({ severity }) => ENDS_SESSION.has(severity),
};
const COULD_NOT_USE_FILE = /^could not \w+ (file|directory) /;

/** Codes of Node.js for a connection that could not be made or broke, with and without a system call. */
const NETWORK =
  /^(EAI_\w+|E(CONN|HOST|NET)\w+|EADDRNOTAVAIL|EMFILE|ENFILE|ENOBUFS|ENOTFOUND|EPIPE|EPROTO|ETIMEDOUT|ERR_SSL_\w+|ERR_SOCKET_CLOSED|ERR_STREAM_\w+)$/;

/** Messages of pg 8 and its pool that carry no code: connections that were lost, or not made in time. */
const LOST =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Cannot use a pool after|The server does not support SSL|There was an error establishing an SSL|Query read timeout|Received unexpected \w+ message)/;

/** The parts of an error that tell; one of the server's has a severity, no other has. */
interface Told {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly severity?: unknown;
  readonly routine?: unknown;
}

/**
 * What an error means, judged by its shape: pg has no class for errors of a connection, and
 * `instanceof` fails for an error of another realm.
 */
export function databaseTrouble(thrown: unknown): DatabaseTrouble {
  const told = toldBy(thrown);
  const code = typeof told.code === 'string' ? told.code : '';
  if (told.severity === undefined) {
    return NETWORK.test(code) || LOST.test(String(told.message)) ? 'away' : 'defect';
  }
  if (IS_OF_THE_SERVER[code]?.(told) === true) return 'away';
  return BY_STATE[code] ?? BY_CLASS[code.slice(0, 2)] ?? 'defect';
}

/** Whether the session is of no use after an error: it ended, or it leads to a server that was replaced. */
export function endsSession(thrown: unknown): boolean {
  const { severity, code } = toldBy(thrown);
  if (severity === undefined) return databaseTrouble(thrown) === 'away';
  return ENDS_SESSION.has(severity) || code === READ_ONLY;
}

function toldBy(thrown: unknown): Told {
  return typeof thrown === 'object' && thrown !== null ? thrown : {};
}
