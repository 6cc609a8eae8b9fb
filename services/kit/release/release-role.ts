import { existsSync } from 'node:fs';
import { inBackground } from '../background.ts';
import { LiveFile } from '../live-file.ts';
import type { Logger } from '../telemetry/logger.ts';

/**
 * Whether a process belongs to the release that everybody uses, or to one that waits for its
 * promotion and must leave alone what there is one of: the outbox and the consumer groups.
 *
 * Where nobody gives a role, there is one release and it is active. Where one is given it may be
 * empty: Argo Rollouts takes the labels from the pods of a release that another one overtook before
 * its promotion, and so they wait for ever. A process that is active stays so until it leaves: its
 * successors start beside it, as replicas do.
 */
export class ReleaseRole {
  #isActive: boolean;
  #waiting: (() => void)[] = [];
  readonly #file: LiveFile<boolean> | undefined;

  private constructor(isActive: boolean, file?: LiveFile<boolean>) {
    this.#isActive = isActive;
    this.#file = file;
  }

  /** Reads the role from a file, and again when it changes, until it says that this is active. */
  static open(path: string, log: Logger): ReleaseRole {
    if (!existsSync(path)) return new ReleaseRole(true);
    const file = new LiveFile(path, {
      initial: false,
      parse: (text) => text === 'active',
      changed: (isActive) => {
        if (isActive) role.#promote(log);
      },
      failed: (err) => log.warn({ err }, 'the role of this process cannot be read'),
    });
    const role = new ReleaseRole(file.current, file);
    if (role.isActive) file.close();
    else log.info('this release is not active yet: no outbox relay, no event consumer');
    return role;
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  /** Starts something once the process is active: now, or after its promotion. */
  whenActive(start: () => void): void {
    if (this.#isActive) start();
    else this.#waiting.push(start);
  }

  /** Starts nothing any more. */
  close(): void {
    this.#file?.close();
    this.#waiting = [];
  }

  #promote(log: Logger): void {
    this.#file?.close();
    this.#isActive = true;
    log.info('this release was promoted');
    for (const start of this.#waiting.splice(0)) inBackground('start after a promotion', start);
  }
}
