import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SUITE_COSTS_FILE, type SuiteCost } from '../../tools/meridian/suite-cost.ts';
import { Departed, ownCpuSeconds } from './departed.ts';

/** Measures one suite after the other in a worker of jest, and writes a line for each. */
export class SuiteMeter {
  /** Where helpers of the suite say which engines they start. */
  readonly startedEngines: string;
  readonly #folder: string;
  readonly #suite: string;
  readonly #skipped: string[] = [];
  readonly #departed = new Departed();
  readonly #startedAt = performance.now();
  readonly #cpuBefore = ownCpuSeconds();

  /** @param suite its path below the program */
  constructor(suite: string) {
    this.#suite = suite;
    this.#folder = mkdtempSync(path.join(tmpdir(), 'msuite-'));
    this.startedEngines = path.join(this.#folder, 'engines');
    this.#departed.watch(process.pid);
  }

  /** Notes a test that does not run here. */
  skip(name: string): void {
    this.#skipped.push(name);
  }

  /** Ends the measurement. */
  end(): SuiteCost {
    const cpuSeconds = ownCpuSeconds() - this.#cpuBefore + this.#departed.secondsOf(process.pid);
    const engines = counted(this.startedEngines);
    rmSync(this.#folder, { recursive: true, force: true });
    const cost: SuiteCost = {
      suite: this.#suite,
      seconds: (performance.now() - this.#startedAt) / 1000,
      cpuSeconds,
      engines,
      skipped: this.#skipped,
    };
    const file = process.env[SUITE_COSTS_FILE];
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(cost)}\n`);
    return cost;
  }
}

function counted(file: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  for (const line of lines.filter((name) => name !== '')) counts[line] = (counts[line] ?? 0) + 1;
  return counts;
}
