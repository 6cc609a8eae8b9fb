import { Random } from './random.ts';
import { Schedule } from './schedule.ts';

/** Bugs that can be planted in how the simulation is wired; what runs has none of them. */
export const BUGS = [
  'a compensation skipped',
  'the inbox check lost',
  'publish before commit',
  'double capture',
  'wrong order',
] as const;

/** One of BUGS. */
export type Bug = (typeof BUGS)[number];

/** For so long things go wrong; after that only time passes, until all is settled. */
export const TROUBLE_MS = 40 * 60_000;
export const SETTLED_MS = TROUBLE_MS + 12 * 3_600_000;

/** Time, chance and the network of one run: everything that is not decided by the parts themselves. */
export class World {
  readonly random: Random;
  readonly schedule = new Schedule();
  readonly bug: Bug | undefined;
  readonly trace: string[] = [];
  readonly violations: string[] = [];
  readonly #traces: boolean;

  constructor(seed: number, options: { readonly bug?: Bug; readonly traces?: boolean } = {}) {
    this.random = new Random(seed);
    this.bug = options.bug;
    this.#traces = options.traces ?? false;
  }

  get nowMs(): number {
    return this.schedule.nowMs;
  }

  get hasTrouble(): boolean {
    return this.nowMs < TROUBLE_MS;
  }

  /** Notes what happens; the text is made only if somebody reads it. */
  note(text: () => string): void {
    if (this.#traces) this.trace.push(`${(this.nowMs / 1_000).toFixed(3).padStart(9)} ${text()}`);
  }

  /** Notes what must never be. */
  violate(text: string): void {
    this.note(() => `VIOLATION ${text}`);
    this.violations.push(text);
  }

  /** Carries something: it takes a while, may be lost, and may arrive twice, the second much later. */
  carry(deliver: () => void): void {
    const { random } = this;
    if (!this.hasTrouble) {
      this.schedule.plan(random.integer(1, 5), deliver);
      return;
    }
    if (random.chance(12)) return;
    const slow = random.chance(5);
    this.schedule.plan(random.integer(1, slow ? 1_000_000 : 400), deliver);
    if (random.chance(10)) this.schedule.plan(random.integer(1, 1_500_000), deliver);
  }
}
