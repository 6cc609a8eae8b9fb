import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What has passed of a long run, so that one that was interrupted or failed goes on from there. */
export class LongRun {
  readonly #file: string;
  readonly #program: string;
  #passed: Readonly<Record<string, number>>;

  /**
   * @param file where it is remembered
   * @param program what the suites tested: what passed with another program counts for nothing
   */
  constructor(file: string, program: string) {
    this.#file = file;
    this.#program = program;
    this.#passed = remembered(file, program);
  }

  /** How many tests passed in a suite that need not run again; undefined if it is to run. */
  passedIn(suite: string): number | undefined {
    return this.#passed[suite];
  }

  /** Notes that all tests of a suite have passed. */
  note(suite: string, passed: number): void {
    this.#passed = { ...this.#passed, [suite]: passed };
    writeFileSync(this.#file, JSON.stringify({ program: this.#program, passed: this.#passed }));
  }

  /** The next run begins again. */
  forget(): void {
    rmSync(this.#file, { force: true });
  }
}

/** Changes with every file of a folder, packages and history aside. */
export function folderDigest(folder: string): string {
  const hash = createHash('sha256');
  const visit = (relative: string): void => {
    const entries = readdirSync(path.join(folder, relative), { withFileTypes: true });
    for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
      if (entry.name === 'node_modules' || entry.name === '.git') continue;
      const inner = path.join(relative, entry.name);
      if (entry.isDirectory()) visit(inner);
      else if (entry.isFile()) {
        const { size, mtimeMs } = statSync(path.join(folder, inner));
        hash.update(`${inner}\0${size}\0${mtimeMs}\0`);
      }
    }
  };
  visit('.');
  return hash.digest('hex');
}

function remembered(file: string, program: string): Readonly<Record<string, number>> {
  if (!existsSync(file)) return {};
  try {
    const known = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly program: string;
      readonly passed: Readonly<Record<string, number>>;
    };
    return known.program === program ? known.passed : {};
  } catch (error) {
    // Cut off by a power cut, say: the run begins again.
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
}
