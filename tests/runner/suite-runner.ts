import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { SerializableError, Test, TestResult } from '@jest/test-result';
import { messageOf } from '@meridian/language/thrown.ts';
import { SUITE_COSTS_FILE, type SuiteCost } from '../../tools/meridian/suite-cost.ts';
import { Departed } from './departed.ts';
import { runSuite, type SuiteRun } from './suite-process.ts';
import { testResultOf } from './test-result.ts';

type GlobalConfig = Parameters<typeof testResultOf>[2] & {
  readonly maxWorkers: number;
  readonly testTimeout?: number | undefined;
  readonly testNamePattern?: string | undefined;
  readonly rootDir: string;
  readonly verbose?: boolean | undefined;
};

/** What of jest's watcher says that the run is to end. */
interface Watcher {
  isInterrupted(): boolean;
  on(event: 'change', listener: (state: { readonly interrupted: boolean }) => void): unknown;
}

/** What jest does without a time-out of its own (jest-circus, state.ts). */
const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * jest's runner for this repository (docs/decisions/0035-a-process-for-each-suite.md): each suite in a
 * process of its own, in which Node.js loads it as it loads the program.
 */
export class SuiteRunner {
  readonly supportsEventEmitters = false;
  readonly #config: GlobalConfig;

  constructor(globalConfig: GlobalConfig) {
    this.#config = globalConfig;
  }

  /** Called by jest with all suites of a run. */
  async runTests(
    tests: readonly Test[],
    watcher: Watcher,
    onStart: (test: Test) => Promise<void>,
    onResult: (test: Test, result: TestResult) => Promise<void>,
    onFailure: (test: Test, error: SerializableError) => Promise<void>,
    options: { readonly serial: boolean },
  ): Promise<void> {
    const departed = new Departed();
    const running = new Set<() => void>();
    watcher.on('change', ({ interrupted }) => {
      if (interrupted) for (const end of running) end();
    });
    const waiting = [...tests];
    const work = async (worker: number): Promise<void> => {
      for (;;) {
        const test = watcher.isInterrupted() ? undefined : waiting.shift();
        if (test === undefined) return;
        await onStart(test);
        let end: (() => void) | undefined;
        try {
          const run = await runSuite(this.#order(test), {
            departed,
            environment: environmentOf(test, worker),
            onStart: (given) => running.add((end = given)),
          });
          this.#note(test, run);
          this.#show(test, run);
          const result = testResultOf(test, run, this.#config);
          const { testExecError: broken } = result;
          // A result without tests would be one of a suite without tests.
          if (broken !== undefined && result.testResults.length === 0) await onFailure(test, broken);
          else await onResult(test, result);
        } catch (error) {
          // Not the suite's doing: a process that could not be started, say.
          await onFailure(test, { message: messageOf(error), stack: '' });
        } finally {
          if (end !== undefined) running.delete(end);
        }
      }
    };
    const workers = options.serial ? 1 : this.#config.maxWorkers;
    await Promise.all(Array.from({ length: workers }, (_, index) => work(index + 1)));
  }

  #order({ path: file }: Test): Parameters<typeof runSuite>[0] {
    const { testTimeout = DEFAULT_TIMEOUT_MS, testNamePattern } = this.#config;
    const pattern = testNamePattern === undefined ? {} : { testNamePattern };
    return { file, testTimeoutMs: testTimeout, ...pattern };
  }

  /** jest's reporter prints what a suite said; its verbose one takes for granted that it was said live. */
  #show(test: Test, { output }: SuiteRun): void {
    if (this.#config.verbose !== true || output === '') return;
    const suite = path.relative(this.#config.rootDir, test.path);
    process.stderr.write(`${suite} says:\n${output.replace(/^(?=.)/gm, '    ')}`);
  }

  #note(test: Test, run: SuiteRun): void {
    const file = process.env[SUITE_COSTS_FILE];
    if (file === undefined) return;
    const cost: SuiteCost = {
      suite: path.relative(this.#config.rootDir, test.path),
      seconds: (run.endedAt - run.startedAt) / 1000,
      cpuSeconds: run.cpuSeconds,
      engines: run.engines,
      skipped: (run.outcome?.tests ?? [])
        .filter(({ status }) => status === 'skipped')
        .map((each) => each.path.join(' ')),
    };
    appendFileSync(file, `${JSON.stringify(cost)}\n`);
  }
}

function environmentOf(test: Test, worker: number): Readonly<Record<string, string>> {
  return {
    JEST_WORKER_ID: String(worker),
    // What Node.js makes of the TypeScript is kept between suites and runs.
    NODE_COMPILE_CACHE:
      process.env['NODE_COMPILE_CACHE'] ??
      path.join(test.context.config.cacheDirectory, 'compile'),
  };
}
