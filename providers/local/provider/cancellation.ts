import { CodedError } from '@meridian/language/coded-error.ts';

/**
 * The result of `work`, or a rejection as soon as the user stops the operation. The work itself goes
 * on in the background: only its end is no longer awaited.
 * @throws {CodedError} CANCELLED
 */
export async function unlessCancelled<T>(
  signal: AbortSignal,
  what: string,
  work: Promise<T>,
): Promise<T> {
  let onAbort: (() => void) | undefined;
  const cancelled = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new CodedError('CANCELLED', `Stopped while ${what}`));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
    }
  });
  try {
    return await Promise.race([work, cancelled]);
  } finally {
    if (onAbort !== undefined) {
      signal.removeEventListener('abort', onAbort);
    }
  }
}
