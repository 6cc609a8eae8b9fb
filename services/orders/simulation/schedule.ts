/** What happens at a time, in the order of times and then of planning. */
interface Planned {
  readonly atMs: number;
  readonly number: number;
  readonly run: () => void;
}

/** Time that passes only as what was planned happens: a binary heap of it. */
export class Schedule {
  readonly #heap: Planned[] = [];
  #count = 0;
  nowMs = 0;

  plan(afterMs: number, run: () => void): void {
    const heap = this.#heap;
    heap.push({ atMs: this.nowMs + afterMs, number: this.#count++, run });
    for (let at = heap.length - 1; at > 0;) {
      const above = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, above)) break;
      at = above;
    }
  }

  /** Lets everything happen that is planned until then; what comes later stays planned. */
  runUntil(endMs: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.atMs <= endMs;) {
      this.#removeFirst();
      this.nowMs = first.atMs;
      first.run();
      first = this.#heap[0];
    }
    this.nowMs = endMs;
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      if (left >= heap.length) return;
      const below = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfBefore(below, at)) return;
      at = below;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return false;
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.number < b.number);
  }

  #swapIfBefore(one: number, other: number): boolean {
    if (!this.#isBefore(one, other)) return false;
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return false;
    this.#heap[one] = b;
    this.#heap[other] = a;
    return true;
  }
}
