import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import type { ObjectStore } from './object-store.ts';
import { StoreTrouble } from './store-trouble.ts';

/** What a bucket can, which is asked once for each process, and again after it failed. */
export class StoreCheck {
  readonly #store: ObjectStore;
  readonly #log: Pick<Logger, 'warn'>;
  #checked: Promise<boolean> | undefined;

  constructor(store: ObjectStore, log: Pick<Logger, 'warn'>) {
    this.#store = store;
    this.#log = log;
  }

  /** Whether the store refuses to write an object that is there; throws StoreTrouble where it loses versions. */
  refusesToReplace(): Promise<boolean> {
    this.#checked ??= this.#lookAtStore().catch((error: unknown) => {
      this.#checked = undefined;
      throw error;
    });
    return this.#checked;
  }

  async #lookAtStore(): Promise<boolean> {
    const { place } = this.#store;
    const versioning = await this.#store.versioning();
    if (versioning === 'lost') {
      throw new StoreTrouble(
        'unversioned',
        `Checkpoint store ${place}: must keep every version of an object, got a bucket without versioning; enable it there`,
      );
    }
    if (versioning === 'untold') {
      this.#log.warn(
        { place },
        'the checkpoint store does not say whether it keeps versions; without them whoever may write there can replace a head',
      );
    }
    // The first one ever is written; the second one has to be refused.
    const first = await this.#tryCondition();
    if ((first === 'written' ? await this.#tryCondition() : first) === 'there') return true;
    this.#log.warn(
      { place },
      'the checkpoint store does not refuse to write an object that is there (If-None-Match); heads are looked for before they are written instead',
    );
    return false;
  }

  #tryCondition(): Promise<'written' | 'there' | 'unable'> {
    return this.#store.putNew(
      'written-once',
      'This object shows that the store refuses a second one.\n',
    );
  }
}
