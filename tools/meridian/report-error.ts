import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import { systemTrouble } from '@meridian/provider-local/machine/system-trouble.ts';

/**
 * Prints what went wrong and returns the exit code: 1 for what a user can fix (message only), 2 where a deployment as it was
 * approved is asked for wrongly, 130 after Ctrl-C, 70 (sysexits EX_SOFTWARE) for a bug of ours, with its stack.
 */
export function reportError(thrown: unknown): number {
  // What the system refuses, a full disk say, is told as such, wherever it comes from.
  const error = systemTrouble(thrown) ?? thrown;
  if (isInterruption(error)) {
    process.stderr.write(
      '\nInterrupted. What was done is kept; the same command goes on from there.\n',
    );
    return 130;
  }
  if (error instanceof CodedError) {
    process.stderr.write(`\nmeridian: ${error.message} [${error.code}]\n`);
    return error.code === 'UP_OPTION_UNUSABLE' ? 2 : 1;
  }
  if (OF_LOCKS.some((code) => isSystemError(error, code))) {
    const { code, message } = error as NodeJS.ErrnoException;
    process.stderr.write(`\nmeridian: ${message} [${code ?? ''}]\n`);
    return 1;
  }
  process.stderr.write(
    `\nmeridian: this is a defect of Meridian; please report it with the lines below.\n${
      error instanceof Error ? (error.stack ?? error.message) : String(error)
    }\n`,
  );
  return 70;
}

/** What the bootstrap says of a lock; it has no CodedError, as it runs before there are packages. */
const OF_LOCKS = ['LOCK_HELD', 'FLOCK_MISSING'];

function isInterruption(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
