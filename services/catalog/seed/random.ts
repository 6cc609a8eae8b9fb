/** Values and how often each is picked. */
export type Weighted<T> = readonly (readonly [value: T, weight: number])[];

/**
 * A seeded stream of pseudo-random numbers, the same on every machine: it uses 32-bit integer
 * arithmetic only, since the last digits of Math.exp and its like differ between engines.
 *
 * The generator is sfc32, "Small Fast Counter", by Chris Doty-Humphrey (PractRand 0.94, 2010), seeded
 * as there: the seed in the state, counter 1, the first 12 numbers thrown away. The seed is spread
 * over the state by the finalizer of MurmurHash3 (Austin Appleby, 2011), so that neighbouring seeds
 * give unlike streams.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = mix(seed);
    this.#b = mix(seed ^ 0x9e3779b9);
    this.#c = mix(seed ^ 0x85ebca6b);
    for (let round = 0; round < 12; round += 1) this.#next();
  }

  /** An integer of `min` to `max`, both included, at most 2^32 − 1 apart. */
  integer(min: number, max: number): number {
    // The bias of scaling is below 1 in 2^32 for each value: nothing here could show it.
    return min + Math.floor((this.#next() / 0x1_0000_0000) * (max - min + 1));
  }

  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.integer(1, 100) <= percent;
  }

  /** One of the values. Throws a RangeError if there are none. */
  pick<T>(values: readonly T[]): T {
    const value = values[this.integer(0, values.length - 1)];
    if (value === undefined) throw new RangeError('Nothing to pick from');
    return value;
  }

  /** One of the values, each as often as its weight says. Throws a RangeError if there are none. */
  pickWeighted<T>(values: Weighted<T>): T {
    const total = values.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.integer(1, total);
    for (const [value, weight] of values) {
      left -= weight;
      if (left <= 0) return value;
    }
    throw new RangeError('Nothing to pick from');
  }

  /** `count` different values, or all if there are fewer, in random order. */
  sample<T>(values: readonly T[], count: number): readonly T[] {
    const left = [...values];
    const taken: T[] = [];
    while (taken.length < count && left.length > 0) {
      taken.push(...left.splice(this.integer(0, left.length - 1), 1));
    }
    return taken;
  }

  #next(): number {
    const result = (this.#a + this.#b + this.#counter) >>> 0;
    this.#counter = (this.#counter + 1) >>> 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result;
  }
}

function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
