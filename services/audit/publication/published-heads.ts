import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import type { ObjectStore } from './object-store.ts';
import type { Publication, Publications, PublishedKey, SignedHead } from './publication.ts';
import { StoreCheck } from './store-check.ts';
import { StoreTrouble } from './store-trouble.ts';

const SIZE_DIGITS = 20;
/** Before the first size, which is 0. */
const NONE = -1n;
/** More than any tree has entries. */
const BEYOND = 10n ** 18n;

/**
 * Heads in a bucket: each under its size, once, and the newest again as `checkpoint` for whoever looks for
 * one name; the keys of the log and what vouches for them below `keys/`. Of a log that succeeds another all
 * names begin with its number.
 */
export class PublishedHeads implements Publication {
  readonly #store: ObjectStore;
  readonly #prefix: string;
  readonly #check: StoreCheck;
  /** The largest size that was seen: what is larger is looked for after it. */
  #seen = NONE;

  constructor(
    store: ObjectStore,
    log: Pick<Logger, 'warn'>,
    number = 1,
    check = new StoreCheck(store, log),
  ) {
    this.#store = store;
    this.#check = check;
    this.#prefix = number === 1 ? '' : `${number}/`;
  }

  async newest(below?: bigint): Promise<SignedHead | undefined> {
    await this.#check.refusesToReplace();
    const isAny = below === undefined;
    const size = await this.#largest(isAny ? this.#seen : NONE, below);
    if (size === NONE) return undefined;
    const note = await this.#store.get(this.#keyOf(size));
    if (note !== undefined) {
      if (isAny) this.#seen = size;
      return { size, note };
    }
    // Whoever may take heads away has taken the one that was there last time.
    if (isAny && this.#seen !== NONE) {
      this.#seen = NONE;
      return this.newest();
    }
    throw new StoreTrouble(
      'away',
      `Checkpoint store ${this.#store.place}: must have the ${this.#keyOf(size)} that it lists, got nothing; it is asked again`,
    );
  }

  async publish({ size, note }: SignedHead): Promise<void> {
    const refuses = await this.#check.refusesToReplace();
    const key = this.#keyOf(size);
    if (!(await this.#putOnce(key, note, refuses))) {
      const there = await this.#store.get(key);
      if (there === undefined || textOf(there) !== textOf(note)) {
        throw new StoreTrouble(
          'conflict',
          `Checkpoint store ${this.#store.place}: must have no other head of ${size} entries, got one in ${key}; two logs have written there, see docs/audit.md`,
        );
      }
    }
    await this.#store.put(`${this.#prefix}checkpoint`, note);
  }

  async showNewest({ note }: SignedHead): Promise<void> {
    await this.#check.refusesToReplace();
    await this.#putChanged(`${this.#prefix}checkpoint`, note);
  }

  certificates(keyId: string): Promise<string | undefined> {
    return this.#store.get(`${this.#prefix}keys/${keyId}.pem`);
  }

  async publishKey({ keyId, vkey, chainPem }: PublishedKey): Promise<void> {
    await this.#check.refusesToReplace();
    // What vouches for a key is there before it: whoever reads finds none without.
    await this.#putChanged(`${this.#prefix}keys/${keyId}.pem`, chainPem);
    await this.#putChanged(`${this.#prefix}keys/${keyId}.vkey`, `${vkey}\n`);
  }

  /** Whether it wrote it; the newest one where the store knows no condition, which keeps both versions. */
  async #putOnce(key: string, body: string, refuses: boolean): Promise<boolean> {
    if (refuses) return (await this.#store.putNew(key, body)) === 'written';
    if ((await this.#store.get(key)) !== undefined) return false;
    await this.#store.put(key, body);
    return true;
  }

  async #putChanged(key: string, body: string): Promise<void> {
    if ((await this.#store.get(key)) !== body) await this.#store.put(key, body);
  }

  /** The largest published size after one that is known, and below another; the known one where there is none. */
  async #largest(known: bigint, below?: bigint): Promise<bigint> {
    let [low, high] = [known, BEYOND];
    let place = known;
    while (low < high) {
      const { sizes, more } = await this.#sizesAfter(place);
      const asked = sizes.filter((size) => below === undefined || size < below);
      const last = asked.at(-1);
      low = last ?? low;
      if (last === undefined) high = place;
      else if (!more || asked.length < sizes.length) return last;
      // There may be millions, a thousand a page: each question halves what is left.
      place = (low + high) / 2n;
    }
    return low;
  }

  /** The next sizes after one, and whether there may be more; others' names among them are passed over. */
  async #sizesAfter(
    place: bigint,
  ): Promise<{ readonly sizes: readonly bigint[]; readonly more: boolean }> {
    const heads = this.#heads;
    for (let after = place < 0n ? heads : this.#keyOf(place); ;) {
      const { keys, more } = await this.#store.keysAfter(heads, after);
      const sizes = keys
        .map((key) => sizeOf(key.slice(heads.length)))
        .filter((size) => size !== undefined);
      if (sizes.length > 0 || !more) return { sizes, more };
      after = keys.at(-1) ?? after;
    }
  }

  get #heads(): string {
    return `${this.#prefix}heads/`;
  }

  #keyOf(size: bigint): string {
    return `${this.#heads}${size.toString().padStart(SIZE_DIGITS, '0')}`;
  }
}

/** The places of all logs in a bucket. */
export function publishedHeads(store: ObjectStore, log: Pick<Logger, 'warn'>): Publications {
  const check = new StoreCheck(store, log);
  return (number) => new PublishedHeads(store, log, number, check);
}

function sizeOf(digits: string): bigint | undefined {
  return /^\d{20}$/.test(digits) ? BigInt(digits) : undefined;
}

/** What a note says, without who signed it: another key of the log may sign the same head (C2SP signed-note). */
function textOf(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n'));
}
