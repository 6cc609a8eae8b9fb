import { codeOf } from '@meridian/language/thrown.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { diskFull } from '../machine/system-trouble.ts';

/** SQLSTATE disk_full. */
const DISK_FULL = '53100';

/**
 * SQLSTATE: the connection is lost (connection_exception, admin_shutdown, crash_shutdown,
 * cannot_connect_now, database_dropped).
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const LOST = /^(08|57P)/;

/**
 * SQLSTATE: the server is short of something, was told off, or meets damage (insufficient_resources,
 * operator_intervention, system_error, data_corrupted, index_corrupted), or was made read-only.
 */
const UNABLE = /^(53|57|58|XX00[12]|25006)/;

/** What Node.js says of a socket on which nobody answers (ENOENT: no socket is there). */
const NO_ANSWER: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'ENOENT', 'ECONNREFUSED']);
const SOCKET_CALLS: ReadonlySet<unknown> = new Set(['connect', 'read', 'write']);

/** What `pg` says, without a code, where the server ended a connection or did not answer in time. */
const ENDED = /^(Connection terminated|timeout expired)/;

/** Whether an error says that the server is away, for now at least. */
export function isAway(thrown: unknown): boolean {
  const code = codeOf(thrown);
  return (
    (typeof code === 'string' && LOST.test(code)) ||
    (NO_ANSWER.has(code) && SOCKET_CALLS.has((thrown as NodeJS.ErrnoException).syscall)) ||
    ENDED.test(messageOf(thrown))
  );
}

/**
 * What is to be told when a statement failed for the server's sake: its disk is full, it went away,
 * or it cannot work. Undefined when the statement is to blame.
 */
export function serverTrouble(
  name: string,
  dataFolder: string,
  thrown: unknown,
): CodedError | undefined {
  const root = rootOf(thrown);
  const code = codeOf(root);
  const message = messageOf(root);
  if (code === DISK_FULL) {
    return diskFull(dataFolder, `${name} says: ${message}`, thrown);
  }
  if (isAway(root)) {
    return new CodedError(
      'POSTGRES_UNREACHABLE',
      `${name}: went away while it was worked with (${message}); 'npm run logs -- postgres' tells why`,
      { cause: thrown },
    );
  }
  return typeof code === 'string' && UNABLE.test(code)
    ? new CodedError(
        'POSTGRES_REFUSED',
        `${name}: cannot do its work: ${message}; 'npm run logs -- postgres' tells more`,
        { cause: thrown },
      )
    : undefined;
}

/** A failed migration carries what PostgreSQL said as its cause; our own errors are told already. */
function rootOf(thrown: unknown): unknown {
  return thrown instanceof Error && thrown.cause !== undefined && codeOf(thrown.cause) !== undefined
    ? rootOf(thrown.cause)
    : thrown;
}
