import { pino } from 'pino';
import type { DestinationStream } from 'pino';

/** So many bytes are written at once; fewer wait for so long. */
const BATCH_BYTES = 4_096;
const BATCH_MS = 100;

/** Where lines wait for a few more. */
export interface BatchedOutput extends DestinationStream {
  /** Calls back once all lines are written. */
  flush(done: () => void): void;
}

/**
 * Writes in the background and a few lines at once, so that logging delays no response; the end of the process
 * writes what is left. Nothing wakes a process that has nothing to say, as the period of the library's own
 * batches does ten times a second.
 */
export function batchedOutput(descriptor: number): BatchedOutput {
  const stream = pino.destination({ dest: descriptor, sync: false, minLength: BATCH_BYTES });
  let waiting: NodeJS.Timeout | undefined;
  return {
    write: (line) => {
      stream.write(line);
      waiting ??= setTimeout(() => {
        waiting = undefined;
        stream.flush();
      }, BATCH_MS).unref();
    },
    flush: (done) => {
      clearTimeout(waiting);
      waiting = undefined;
      stream.flush(done);
    },
  };
}
