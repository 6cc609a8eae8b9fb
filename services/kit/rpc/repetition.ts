import type { DescMethod } from '@bufbuild/protobuf';
import type { Metadata } from '@grpc/grpc-js';
import { methodName } from '@meridian/language/method.ts';
import type { CallOptions } from './client-types.ts';
import { retryDelayMsOf } from './error-details.ts';
import type { RetryBudget } from './retry-budget.ts';
import { isRead, repeatability } from './service-definition.ts';

/** What becomes of a wish to send a call again, as its metric has it. */
export type RetryOutcome =
  /** After a replica that is away. */
  | 'sent_again'
  /** Beside a replica that does not answer. */
  | 'sent_beside'
  /** Not: the budget is spent. */
  | 'budget_spent'
  /** Not: there is too little time left. */
  | 'too_late'
  /** Not: the peer asks for more time than a caller waits. */
  | 'held_back';

/** What a process that may send calls again does it with. */
export interface Retries {
  readonly budget: RetryBudget;
  readonly count: (method: string, outcome: RetryOutcome) => void;
}

/** The first time included. */
const MAX_ATTEMPTS = 3;

/** The pause before the second attempt, at most; twice that before the third. */
const FIRST_PAUSE_MS = 50;

/** With less time left, an attempt would but cost the peer: the objective is 200 ms for most calls. */
const LEAST_TIME_MS = 100;

/**
 * A read that has no answer after this long is asked of another replica too. It is past the slowest
 * percent (objective 500 ms), so that it is rare, and leaves most of the gateway's 5 s.
 */
export const PATIENCE_MS = 1_000;

/**
 * Of the budget, what may be spent on the silent: on a machine that starves every call is slow, and what
 * is lost must still be sent again.
 */
const SILENT_PART = 0.5;

/** Metadata by which a server says when to come again; below zero, not at all. Source: gRPC A6. */
const PUSHBACK = 'grpc-retry-pushback-ms';

/** What one call may still do to get an answer. */
export class Repetition {
  /** When to ask another replica too; undefined for what must not run twice at once. */
  readonly patienceMs: number | undefined;
  readonly #retries: Retries;
  readonly #method: string;
  readonly #deadlineMs: number;
  #attempts = 1;

  private constructor(retries: Retries, method: DescMethod, deadlineMs: number, waitMs: number) {
    this.#retries = retries;
    this.#method = methodName(method);
    this.#deadlineMs = deadlineMs;
    this.patienceMs = isRead(method) ? waitMs + PATIENCE_MS : undefined;
  }

  /**
   * That of a call which does no harm when it comes twice: its method is idempotent, or honours the key
   * that it carries. Undefined for any other.
   */
  static of(
    retries: Retries,
    method: DescMethod,
    options: Pick<CallOptions, 'idempotencyKey' | 'waitMs'> | undefined,
    deadlineMs: number,
  ): Repetition | undefined {
    const needed = repeatability(method);
    if (needed === 'never') return undefined;
    if (needed === 'under-key' && options?.idempotencyKey === undefined) return undefined;
    return new Repetition(retries, method, deadlineMs, options?.waitMs ?? 0);
  }

  /** Whether another replica may be asked now, beside the one that is silent. */
  mayGoBeside(): boolean {
    return this.#mayGo(0, 'sent_beside', SILENT_PART);
  }

  /**
   * After which pause the call may be sent again; undefined if it may not.
   *
   * @param metadata what came with the failure
   */
  delayAfter(metadata: Metadata): number | undefined {
    if (this.#attempts >= MAX_ATTEMPTS) return undefined;
    const longestMs = FIRST_PAUSE_MS * 2 ** (this.#attempts - 1);
    const askedMs = askedDelayMs(metadata);
    if (askedMs !== undefined && askedMs > longestMs) {
      this.#retries.count(this.#method, 'held_back');
      return undefined;
    }
    // Never all at once: what failed together comes back spread.
    const delayMs = Math.max(askedMs ?? 0, longestMs * Math.random());
    return this.#mayGo(delayMs, 'sent_again') ? delayMs : undefined;
  }

  #mayGo(delayMs: number, outcome: RetryOutcome, part = 1): boolean {
    const refusal = this.#refusal(delayMs, part);
    this.#retries.count(this.#method, refusal ?? outcome);
    if (refusal !== undefined) return false;
    this.#attempts++;
    return true;
  }

  #refusal(delayMs: number, part: number): RetryOutcome | undefined {
    if (this.#deadlineMs - Date.now() - delayMs < LEAST_TIME_MS) return 'too_late';
    return this.#retries.budget.tryTake(part) ? undefined : 'budget_spent';
  }
}

/** Infinity where the peer does not want the call again; undefined where it says nothing. */
function askedDelayMs(metadata: Metadata): number | undefined {
  const [pushback] = metadata.get(PUSHBACK);
  if (pushback === undefined) return retryDelayMsOf(metadata);
  const ms = Number(pushback);
  return ms >= 0 ? ms : Infinity;
}
