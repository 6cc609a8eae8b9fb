import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { LogTail } from './log-tail.ts';

type Replica = Pick<ProcessSpec, 'name' | 'revision'>;

interface Followed {
  readonly process: Replica;
  readonly tail: LogTail;
}

/** The log of the newest replica of each service, printed as it grows. */
export class FollowedLogs {
  readonly #print: (line: string) => void;
  readonly #newest = new Map<string, Followed>();

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Follows the log of a replica, and that of the one before it no longer. */
  follow(service: string, process: Replica, log: string): void {
    this.#newest.get(service)?.tail.close();
    const tail = new LogTail(log, (line) => this.#print(`${process.name} | ${line}`));
    this.#newest.set(service, { process, tail });
  }

  /** Prints what a replica has said until now; false where it is not the newest any more. */
  catchUp({ name, revision }: Replica): boolean {
    const followed = [...this.#newest.values()].find(
      ({ process }) => process.name === name && process.revision === revision,
    );
    followed?.tail.catchUp();
    return followed !== undefined;
  }

  close(): void {
    for (const { tail } of this.#newest.values()) tail.close();
  }
}
