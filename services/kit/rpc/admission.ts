import { METRICS } from '../telemetry/names.ts';
import { counter, gauge } from '../telemetry/registered.ts';
import type { MetricsRegistry } from '../telemetry/registered.ts';
import { overloaded } from './error-details.ts';

/** A queue is as full as this for a moment, or for longer than anybody can tell. */
const RETRY_AFTER_SECONDS = 1;

interface Waiting {
  readonly admit: () => void;
}

/**
 * Lets so many calls in at once and so many wait; one more is refused at once, which is kinder to
 * its caller than a wait that ends in a missed deadline.
 */
export class Admission {
  readonly #concurrency: number;
  readonly #queueDepth: number;
  // A Set keeps the order of arrival and lets a cancelled call leave in constant time.
  readonly #waiting = new Set<Waiting>();
  #active = 0;
  #shed = 0;

  constructor(limits: { readonly concurrency: number; readonly queueDepth: number }) {
    this.#concurrency = limits.concurrency;
    this.#queueDepth = limits.queueDepth;
  }

  get active(): number {
    return this.#active;
  }

  get depth(): number {
    return this.#waiting.size;
  }

  /** Lets a call in at once if there is room; a call that was let in must `leave`. */
  tryEnter(): boolean {
    if (this.#active >= this.#concurrency) return false;
    this.#active++;
    return true;
  }

  /**
   * Waits for room. Resolves to whether the call was let in: false after it was cancelled. Throws
   * UNAVAILABLE if too many wait already.
   */
  wait(onCancel: (listener: () => void) => () => void): Promise<boolean> {
    if (this.#waiting.size >= this.#queueDepth) {
      this.#shed++;
      throw overloaded('too many requests wait already; try again later', RETRY_AFTER_SECONDS);
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiting: Waiting = {
      admit: () => {
        undo();
        resolve(true);
      },
    };
    this.#waiting.add(waiting);
    const undo = onCancel(() => {
      if (this.#waiting.delete(waiting)) resolve(false);
    });
    return promise;
  }

  /** Gives the place to the call that waits longest. */
  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#active--;
      return;
    }
    this.#waiting.delete(next);
    next.admit();
  }

  /** Calls refused so far. */
  get shed(): number {
    return this.#shed;
  }
}

/** Shows a queue in a registry. */
export function observeAdmission(queue: Admission, registry: MetricsRegistry): void {
  gauge(registry, {
    name: METRICS.requestQueueDepth,
    help: 'Calls that wait for a place',
    collect() {
      this.set(queue.depth);
    },
  });
  gauge(registry, {
    name: METRICS.requestsActive,
    help: 'Calls being handled',
    collect() {
      this.set(queue.active);
    },
  });
  counter(registry, {
    name: METRICS.requestsShed,
    help: 'Calls refused because too many waited',
    collect() {
      this.reset();
      this.inc(queue.shed);
    },
  });
}
