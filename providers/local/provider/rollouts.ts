import { CodedError } from '@meridian/language/coded-error.ts';
import { SerialQueue } from '../agent/zone/serial-queue.ts';
import type { Context } from './resource-handler.ts';

/** A group whose members change. */
interface Rollout {
  readonly queue: SerialQueue;
  /** Whose change has failed. */
  failed?: string;
}

/**
 * The rollouts of one operation: members of a group are changed one at a time, and none any more once the
 * change of one has failed. So the others serve, and what is wrong with a release is met by one of them.
 */
export class Rollouts {
  readonly #groups = new Map<string, Rollout>();

  /**
   * Changes a member in its turn; without a group at once.
   * @throws {CodedError} ROLLOUT_STOPPED, CANCELLED when it was not begun
   */
  async inTurn<T>(
    group: string | undefined,
    member: string,
    { signal, status }: Pick<Context, 'signal' | 'status'>,
    change: () => Promise<T>,
  ): Promise<T> {
    if (group === undefined) return change();
    const rollout = this.#rollout(group);
    if (rollout.queue.isBusy) status(`waiting for its turn in '${group}'`);
    return rollout.queue.run(async () => {
      if (signal.aborted) {
        throw new CodedError('CANCELLED', `Stopped while ${member} waited for its turn`);
      }
      if (rollout.failed !== undefined) {
        throw new CodedError(
          'ROLLOUT_STOPPED',
          `Process '${member}': stays as it is, as the change of '${rollout.failed}' before it failed; 'npm start' goes on when that is put right`,
        );
      }
      try {
        return await change();
      } catch (thrown) {
        rollout.failed = member;
        throw thrown;
      }
    });
  }

  #rollout(group: string): Rollout {
    const known = this.#groups.get(group) ?? { queue: new SerialQueue() };
    this.#groups.set(group, known);
    return known;
  }
}
