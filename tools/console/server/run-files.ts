import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomic } from '@meridian/provider-local/machine/atomic-file.ts';
import type { RunEdge, RunSummary } from '../views/run-summary.ts';

export const RUNS_MAX = 20;
export const RUN_BYTES_MAX = 200_000;

const NAME = /^(\d{13})\.json$/;

/** The last runs, each in a file of its own. */
export class RunFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Ids, the newest first. */
  ids(): readonly string[] {
    return readdirSync(this.#folder)
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .toSorted()
      .toReversed();
  }

  /** A run, or undefined if it is not kept; a file that is torn is none. */
  read(id: string): RunSummary | undefined {
    if (!this.ids().includes(id)) return undefined;
    try {
      return JSON.parse(readFileSync(this.#file(id), 'utf8')) as RunSummary;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** Keeps a run, and forgets those that are too many. */
  async keep(run: RunSummary): Promise<void> {
    await writeFileAtomic(this.#file(run.id), smallEnough(run));
    for (const id of this.ids().slice(RUNS_MAX)) rmSync(this.#file(id), { force: true });
  }

  #file(id: string): string {
    return path.join(this.#folder, `${id}.json`);
  }
}

/** A run as text; operations with fewest calls go first where it would be too long to send. */
export function smallEnough(run: RunSummary): string {
  const round = (value: number) => Math.round(value * 100) / 100;
  const rounded = run.edges.map((edge): RunEdge => ({
    ...edge,
    calls: round(edge.calls),
    errors: round(edge.errors),
    counts: edge.counts.map(round),
  }));
  let edges = rounded.toSorted((one, other) => other.calls - one.calls);
  let text = JSON.stringify({ ...run, edges });
  while (Buffer.byteLength(text) > RUN_BYTES_MAX) {
    edges = edges.slice(0, Math.floor(edges.length * 0.9));
    text = JSON.stringify({ ...run, edges });
  }
  return text;
}
