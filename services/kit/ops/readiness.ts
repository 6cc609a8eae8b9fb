/** Why a process is ready or not, by the name of each check. */
export interface ReadinessReport {
  readonly ready: boolean;
  /** 'ok', or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

/** A check passes by returning, and fails by throwing an error that says what is wrong. */
export type ReadinessCheck = () => void | Promise<void>;

/** A check that takes longer has failed. */
export const CHECK_TIMEOUT_MS = 1_000;

/** Answers are this fresh: probes of several sides must not become load on a database. */
export const REPORT_MAX_AGE_MS = 250;

/**
 * Tells the truth about a process: it is ready once it has said so, while every check passes, and
 * until it starts to leave.
 */
export class Readiness {
  readonly #checks = new Map<string, ReadinessCheck>();
  #state: 'starting' | 'serving' | 'draining' = 'starting';
  #report: { readonly atMs: number; readonly value: Promise<ReadinessReport> } | undefined;

  /** Adds a check; returns the undo. Throws if the name is taken. */
  add(name: string, check: ReadinessCheck): () => void {
    if (this.#checks.has(name)) throw new Error(`Readiness check '${name}' is there already`);
    this.#checks.set(name, check);
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

  /** The newest report, made anew if it is older than REPORT_MAX_AGE_MS. */
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
      [...this.#checks].map(async ([name, check]) => [name, await outcome(check)] as const),
    );
    const checks = {
      process: state === 'serving' ? 'ok' : state,
      ...Object.fromEntries(results),
    };
    return { ready: Object.values(checks).every((result) => result === 'ok'), checks };
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
      return 'ok';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  const result = await Promise.race([checked(), promise]);
  clearTimeout(timer);
  return result;
}
