import { createHash } from 'node:crypto';

/**
 * The definitions of RFC 9162 sections 2.1.1, 2.1.3.1 and 2.1.4.1, written down as they stand there: slow, and
 * nothing in common with what is tested.
 */
const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** The largest power of two smaller than n. */
const k = (n: number): number => {
  let power = 1;
  while (power * 2 < n) power *= 2;
  return power;
};

/** One tree whose subtrees are computed once. */
export class ReferenceTree {
  readonly #leaves: readonly Uint8Array[];
  readonly #roots = new Map<string, Uint8Array>();

  constructor(leaves: readonly Uint8Array[]) {
    this.#leaves = leaves;
  }

  /** MTH(D[from:to]). */
  root(to: number, from = 0): Uint8Array {
    const key = `${from}:${to}`;
    const known = this.#roots.get(key);
    if (known !== undefined) return known;
    const [n, leaf] = [to - from, this.#leaves[from]];
    const root =
      n === 0 || leaf === undefined
        ? sha256()
        : n === 1
          ? sha256(Uint8Array.of(0), leaf)
          : sha256(Uint8Array.of(1), this.root(from + k(n), from), this.root(to, from + k(n)));
    this.#roots.set(key, root);
    return root;
  }

  /** PATH(m, D[from:to]), m counted from the first leaf. */
  inclusion(m: number, to: number, from = 0): readonly Uint8Array[] {
    const n = to - from;
    if (n <= 1) return [];
    const middle = from + k(n);
    return m < middle
      ? [...this.inclusion(m, middle, from), this.root(to, middle)]
      : [...this.inclusion(m, to, middle), this.root(middle, from)];
  }

  /** PROOF(m, D[0:n]). */
  consistency(m: number, n: number): readonly Uint8Array[] {
    return m === 0 ? [] : this.#subproof(m, 0, n, true);
  }

  /** SUBPROOF(m, D[from:to], b), m counted from the first leaf. */
  #subproof(m: number, from: number, to: number, whole: boolean): readonly Uint8Array[] {
    if (m === to) return whole ? [] : [this.root(to, from)];
    const middle = from + k(to - from);
    return m <= middle
      ? [...this.#subproof(m, from, middle, whole), this.root(to, middle)]
      : [...this.#subproof(m, middle, to, false), this.root(middle, from)];
  }
}
