import type { Incompleteness } from './findings.ts';
import type { Leaf } from './leaf.ts';

/** Versions without a gap between them, and the leaf that had the first of them. */
interface Run {
  readonly first: number;
  last: number;
  readonly index: number;
}

/**
 * Which versions of each aggregate the log has, whatever the order of its leaves: those from 1 on without a gap
 * are one number, so memory grows with aggregates, not with events.
 */
export class AggregateVersions {
  /** By source and subject. A number: all up to it. Runs: ascending, the first from 1 or, before it came, empty. */
  readonly #aggregates = new Map<string, number | Run[]>();
  readonly #baselines = new Map<string, number>();
  readonly #report: (found: Incompleteness) => void;

  constructor(report: (found: Incompleteness) => void) {
    this.#report = report;
  }

  get count(): number {
    return this.#aggregates.size;
  }

  add({ kind, source, subject, version }: Leaf, index: number): void {
    if (version === undefined) return;
    const key = JSON.stringify([source, subject]);
    const known = this.#aggregates.get(key) ?? 0;
    if (kind === 'baseline') {
      this.#baselines.set(key, version);
      this.#aggregates.set(key, joined([{ first: 1, last: version, index }, ...runsOf(known)]));
    } else if (known === version - 1) {
      this.#aggregates.set(key, version);
    } else if (runsOf(known).some(({ first, last }) => first <= version && version <= last)) {
      // What a baseline stands for may be told in the log as well.
      if (version <= (this.#baselines.get(key) ?? 0)) return;
      this.#report({ kind: 'repeated', source, subject, version, index });
    } else {
      const runs = [...runsOf(known), { first: version, last: version, index }];
      this.#aggregates.set(key, joined(runs));
    }
  }

  /** Reports what is missing now that all leaves were seen. */
  finish(): void {
    for (const [key, known] of this.#aggregates) {
      if (typeof known === 'number') continue;
      const [source, subject] = JSON.parse(key) as [string, string];
      let last = 0;
      for (const run of known) {
        const gap = { kind: 'gap', source, subject, first: last + 1, last: run.first - 1 } as const;
        if (gap.first <= gap.last) this.#report({ ...gap, before: run.index });
        last = run.last;
      }
    }
  }
}

function runsOf(known: number | readonly Run[]): readonly Run[] {
  if (typeof known !== 'number') return known;
  return known === 0 ? [] : [{ first: 1, last: known, index: 0 }];
}

/** Joins runs that touch; one from version 1 on is a number. */
function joined(runs: readonly Run[]): number | Run[] {
  const result: Run[] = [];
  for (const run of runs.toSorted((one, other) => one.first - other.first)) {
    const before = result.at(-1);
    if (before !== undefined && run.first <= before.last + 1) {
      before.last = Math.max(before.last, run.last);
    } else {
      result.push({ ...run });
    }
  }
  const [only, more] = result;
  return only?.first === 1 && more === undefined ? only.last : result;
}
