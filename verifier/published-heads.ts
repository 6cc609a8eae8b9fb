import type { Finding } from './findings.ts';
import { sameHash } from './hashing.ts';
import type { TreeHead } from './proofs.ts';

/** Heads one after the other that are not of this tree. */
interface Mismatch {
  /** The size of the last head before them that is. */
  readonly after: number;
  readonly first: number;
  count: number;
}

/** Heads that were published earlier, checked as the tree grows past the size of each. */
export class PublishedHeads {
  readonly #heads: AsyncGenerator<TreeHead, undefined>;
  readonly #last: TreeHead;
  #next: TreeHead | undefined;
  #lastMatch = 0;
  #mismatches: Mismatch[] = [];
  /** The run that another mismatch would belong to. */
  #open: Mismatch | undefined;
  checked = 0;

  /**
   * @param heads by ascending size
   * @param last the head that the log is checked against
   */
  static async open(
    heads: Iterable<TreeHead> | AsyncIterable<TreeHead>,
    last: TreeHead,
  ): Promise<PublishedHeads> {
    const opened = new PublishedHeads(heads, last);
    await opened.#advance();
    return opened;
  }

  private constructor(heads: Iterable<TreeHead> | AsyncIterable<TreeHead>, last: TreeHead) {
    this.#heads = iterate(heads);
    this.#last = last;
  }

  /** The size of the first head that covers what comes next. */
  get exposing(): number {
    return Math.min(this.#next?.size ?? Infinity, this.#last.size);
  }

  isDue(size: number): boolean {
    return this.#next !== undefined && this.#next.size <= size;
  }

  /**
   * Checks every head of a size against the root that leaves give.
   *
   * @param root undefined where leaves of the tree could not be read
   */
  async check(size: number, root: Uint8Array | undefined): Promise<void> {
    while (this.#next !== undefined && this.#next.size <= size) {
      if (root !== undefined) this.#compare(this.#next, root);
      await this.#advance();
    }
  }

  #compare({ size, root }: TreeHead, computed: Uint8Array): void {
    this.checked += 1;
    if (sameHash(computed, root)) {
      this.#lastMatch = size;
      this.#open = undefined;
    } else if (this.#open === undefined) {
      this.#open = { after: this.#lastMatch, first: size, count: 1 };
      this.#mismatches.push(this.#open);
    } else {
      this.#open.count += 1;
    }
  }

  /**
   * Explains heads that did not match within a range of leaves by leaves that were changed.
   *
   * @returns the leaves that the heads leave, as a finding
   */
  explain(from: number, to: number): Finding {
    const within = this.#mismatches.filter(
      ({ first }) => Math.max(from, this.#lastMatch) < first && first <= to,
    );
    this.#mismatches = this.#mismatches.filter((mismatch) => !within.includes(mismatch));
    this.#open = undefined;
    const [earliest] = within;
    if (earliest === undefined) {
      const first = Math.min(Math.max(from, this.#lastMatch), to - 1);
      return { kind: 'leaves', first, last: to - 1, exposedBy: this.exposing };
    }
    const { after, first } = earliest;
    return { kind: 'leaves', first: Math.max(from, after), last: first - 1, exposedBy: first };
  }

  /** What no change of leaves explains: heads of another history, and of more leaves than the log shows. */
  async *finish(): AsyncIterable<Finding> {
    for (const { first, count } of this.#mismatches)
      yield { kind: 'fork', size: first, heads: count };
    let [size, heads] = [0, 0];
    while (this.#next !== undefined) {
      size = this.#next.size;
      heads += 1;
      await this.#advance();
    }
    if (heads > 0) yield { kind: 'stale', size, heads };
  }

  async #advance(): Promise<void> {
    const before = this.#next?.size ?? 0;
    const step = await this.#heads.next();
    this.#next = step.done === true ? undefined : step.value;
    if (this.#next !== undefined && this.#next.size < before) {
      throw new RangeError(
        `Published heads: must come by ascending size, got ${this.#next.size} after ${before}; sort them.`,
      );
    }
  }
}

async function* iterate<Value>(
  values: Iterable<Value> | AsyncIterable<Value>,
): AsyncGenerator<Value, undefined> {
  yield* values;
  return undefined;
}
