/** What a suite's process is told. */
export interface SuiteOrder {
  /** The absolute path of the suite. */
  readonly file: string;
  readonly testTimeoutMs: number;
  /** Only tests whose full names fit it; jest's `-t`. */
  readonly testNamePattern?: string;
}

/** One test of a suite, as its process reports it. */
export interface TestOutcome {
  /** The names of the blocks around it, then its own. */
  readonly path: readonly string[];
  readonly status: 'passed' | 'failed' | 'skipped' | 'todo';
  /** Messages with stacks. */
  readonly errors: readonly string[];
  readonly durationMs: number | null;
  readonly startedAt: number | null;
  readonly assertions: number;
}

/** What a suite's process says, once all its tests have run. */
export interface SuiteOutcome {
  readonly tests: readonly TestOutcome[];
  /** Errors that belong to no test: of loading, of `afterAll`, of what went on after a test. */
  readonly errors: readonly string[];
}
