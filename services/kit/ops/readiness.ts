/** What a process says of itself: a degraded one works, without something that it is better with. */
export const READINESS_STATUSES = ['ready', 'degraded', 'unready'] as const;
export type ReadinessStatus = (typeof READINESS_STATUSES)[number];

/** What it costs when a check fails: the process cannot do its work, or does it less well. */
export type Need = 'required' | 'degrading';

/** Why a process is ready or not, by the name of each check. */
export interface ReadinessReport {
  readonly status: ReadinessStatus;
  /** Whether it should get traffic: unless it is unready. */
  readonly ready: boolean;
  /** 'ok', or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

/** A check passes by returning, and fails by throwing an error that says what is wrong. */
export type ReadinessCheck = () => void | Promise<void>;

/** What the failure of a check costs now. */
export type NeedNow = () => Need;

/** What a check that passes says. */
const OK = 'ok';

/** A check that takes longer has failed. */
export const CHECK_TIMEOUT_MS = 1_000;

/** Answers are this fresh: probes of several sides must not become load on a database. */
export const REPORT_MAX_AGE_MS = 250;

/**
 * Tells the truth about a process: it is ready once it has said so, while every check that is required
 * passes, and until it starts to leave; while one that is degrading fails, it is degraded.
 */
export class Readiness {
  readonly #checks = new Map<string, { readonly run: ReadinessCheck; readonly need: NeedNow }>();
  #state: 'starting' | 'serving' | 'draining' = 'starting';
  #report: { readonly atMs: number; readonly value: Promise<ReadinessReport> } | undefined;

  /**
   * Adds a check; returns the undo. Throws if the name is taken.
   *
   * @param need what its failure costs; a function is asked while it fails, where that depends on
   *   something else
   */
  add(name: string, run: ReadinessCheck, need: Need | NeedNow = 'required'): () => void {
    if (this.#checks.has(name)) throw new Error(`Readiness check '${name}' is there already`);
    this.#checks.set(name, { run, need: typeof need === 'function' ? need : () => need });
    this.#report = undefined;
    return () => {
      this.#checks.delete(name);
      this.#report = undefined;
    };
  }

  /** Says that the server listens. */
  serving(): void {
    this.#state = 'serving';
    this.#report = undefined;
  }

  /** Says that the process is about to leave; nothing takes that back. */
  draining(): void {
    this.#state = 'draining';
    this.#report = undefined;
  }

  get isDraining(): boolean {
    return this.#state === 'draining';
  }

  /** The newest report, made again if it is older than REPORT_MAX_AGE_MS. */
  report(): Promise<ReadinessReport> {
    const nowMs = performance.now();
    if (this.#report === undefined || nowMs - this.#report.atMs > REPORT_MAX_AGE_MS) {
      this.#report = { atMs: nowMs, value: this.#evaluate() };
    }
    return this.#report.value;
  }

  async #evaluate(): Promise<ReadinessReport> {
    const state = this.#state;
    const results = await Promise.all(
      [...this.#checks].map(async ([name, { run, need }]) => {
        const result = await outcome(run);
        return { name, result, cost: result === OK ? undefined : need() };
      }),
    );
    const costs = new Set(results.map(({ cost }) => cost));
    const works = state === 'serving' && !costs.has('required');
    const least = costs.has('degrading') ? 'degraded' : 'ready';
    return {
      status: works ? least : 'unready',
      ready: works,
      checks: {
        process: state === 'serving' ? OK : state,
        ...Object.fromEntries(results.map(({ name, result }) => [name, result])),
      },
    };
  }
}

async function outcome(check: ReadinessCheck): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => resolve(`no answer within ${CHECK_TIMEOUT_MS} ms`),
    CHECK_TIMEOUT_MS,
  );
  const checked = async (): Promise<string> => {
    try {
      await check();
      return OK;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const result = await Promise.race([checked(), promise]);
  clearTimeout(timer);
  return result;
}
