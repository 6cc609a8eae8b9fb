/** Versions from one to another, both among them. */
export interface VersionRange {
  readonly from: bigint;
  readonly to: bigint;
}

/** A set of versions: few ranges, however many versions there are, since they come nearly in order. */
export class VersionRanges {
  /** In order, with gaps between them. */
  #ranges: VersionRange[] = [];

  /** The highest; undefined in an empty set. */
  get last(): bigint | undefined {
    return this.#ranges.at(-1)?.to;
  }

  has(version: bigint): boolean {
    return this.#ranges.some(({ from, to }) => from <= version && version <= to);
  }

  add(version: bigint): void {
    const last = this.#ranges.at(-1);
    if (last !== undefined && version === last.to + 1n) {
      this.#ranges.splice(-1, 1, { from: last.from, to: version });
    } else if (!this.has(version)) {
      const ranges = [...this.#ranges, { from: version, to: version }].sort((one, other) =>
        one.from < other.from ? -1 : 1,
      );
      this.#ranges = [];
      for (const range of ranges) {
        const before = this.#ranges.at(-1);
        if (before?.to === range.from - 1n) {
          this.#ranges.splice(-1, 1, { from: before.from, to: range.to });
        } else this.#ranges.push(range);
      }
    }
  }

  /** What is not in it of the versions from one to another. */
  missing(from: bigint, to: bigint): readonly VersionRange[] {
    const missing: VersionRange[] = [];
    let next = from;
    for (const range of this.#ranges) {
      if (next > to) break;
      if (range.from > next) missing.push({ from: next, to: least(range.from - 1n, to) });
      if (range.to >= next) next = range.to + 1n;
    }
    if (next <= to) missing.push({ from: next, to });
    return missing;
  }
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
