import { existsSync, readFileSync } from 'node:fs';

/** What a run of one suite took. */
export interface SuiteCost {
  /** Its path below the program. */
  readonly suite: string;
  readonly seconds: number;
  /**
   * Of jest's worker while it ran this suite, with all that the worker or its children waited for, which
   * the kernel adds up; and of what left that tree, such as agents, as last seen in /proc. Not in it:
   * what outlives the suite from then on, what left and ended between two looks, engines that another
   * suite started, and the start of the worker.
   */
  readonly cpuSeconds: number;
  /** How many engines it started, by name. */
  readonly engines: Readonly<Record<string, number>>;
  /** Full names of tests that cannot run on this machine. */
  readonly skipped: readonly string[];
}

/** Names the file that tests/costs appends a line to for each, if it is set. */
export const SUITE_COSTS_FILE = 'MERIDIAN_SUITE_COSTS';

/** The costs in such a file. */
export function readCosts(file: string): readonly SuiteCost[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SuiteCost);
}

/** The slowest suites with what they took, and how many more there are. */
export function costTable(
  costs: readonly SuiteCost[],
  options: { readonly rows: number; readonly marks: ReadonlyMap<string, string> },
): string {
  const slowest = costs.toSorted((left, right) => right.seconds - left.seconds);
  const shown = slowest.slice(0, options.rows);
  const lines = shown.map(({ suite, seconds, cpuSeconds, engines }) => {
    const started = Object.entries(engines).map(([name, count]) =>
      count === 1 ? name : `${name} ×${count}`,
    );
    const notes = [started.join(', '), options.marks.get(suite) ?? ''].filter(
      (note) => note !== '',
    );
    return `${padded(seconds)} ${padded(cpuSeconds)}  ${suite}${notes.length === 0 ? '' : `  (${notes.join('; ')})`}`;
  });
  const more = costs.length - shown.length;
  return [
    'seconds   CPU s  suite',
    ...lines,
    ...(more > 0 ? [`                 and ${more} more`] : []),
  ].join('\n');
}

function padded(seconds: number): string {
  return seconds.toFixed(1).padStart(7);
}
