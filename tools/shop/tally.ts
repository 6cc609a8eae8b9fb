import { Latencies } from '../bench/load/latencies.ts';
import type { LatencySummary } from '../bench/load/latencies.ts';
import type { EdgeAnswer } from './edge-client.ts';
import { isOver } from './orders.ts';
import type { OrderStatus } from './orders.ts';
import type { Session } from './shoppers.ts';

/** What is told of a load at a moment. */
export interface ShopReport {
  readonly seconds: number;
  readonly visits: number;
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** Of requests that do not wait for a change, from the moment at which each was due, in milliseconds. */
  readonly latencyMs: LatencySummary;
  /** What came instead of a success: a status with what was asked, or why there was no answer. */
  readonly failures: Readonly<Record<string, number>>;
  readonly cartsAbandoned: number;
  readonly orders: {
    /** Answered with 201: these must exist. */
    readonly acknowledged: number;
    readonly confirmed: number;
    readonly cancelled: number;
    readonly underWay: number;
    /** Acknowledged, and not there when it was asked for. */
    readonly lost: readonly string[];
  };
}

/** An order that was answered with 201. */
export interface AcknowledgedOrder {
  readonly orderId: string;
  /** Whose it is. */
  readonly session: Session;
  /** Undefined once it was not there. */
  readonly status: OrderStatus | undefined;
}

/** Counts what shoppers do and hear. */
export class Tally {
  readonly #startedAt = performance.now();
  readonly #latencies = new Latencies();
  readonly #failures = new Map<string, number>();
  readonly #orders = new Map<string, AcknowledgedOrder>();
  #requests = 0;
  readonly #onHeard: (answer: EdgeAnswer) => void;
  visits = 0;
  cartsAbandoned = 0;

  constructor(onHeard: (answer: EdgeAnswer) => void = () => undefined) {
    this.#onHeard = onHeard;
  }

  /** Notes an answer to `what`; `dueAt` is left out where the answer waits for something by intent. */
  heard(what: string, answer: EdgeAnswer, dueAt?: number): void {
    this.#requests += 1;
    this.#onHeard(answer);
    if (answer.status !== undefined && answer.status < 400) {
      if (dueAt !== undefined) this.#latencies.note(performance.now() - dueAt);
      return;
    }
    const failure = answer.status === undefined ? answer.broken : String(answer.status);
    const key = `${what}: ${failure}`;
    this.#failures.set(key, (this.#failures.get(key) ?? 0) + 1);
  }

  /** Notes where an acknowledged order is; undefined if it is not there. */
  order(orderId: string, session: Session, status: OrderStatus | undefined): void {
    this.#orders.set(orderId, { orderId, session, status });
  }

  /** Every order that was acknowledged. */
  get orders(): readonly AcknowledgedOrder[] {
    return [...this.#orders.values()];
  }

  report(): ShopReport {
    const seconds = (performance.now() - this.#startedAt) / 1e3;
    const statuses = this.orders.map(({ status }) => status);
    const count = (wanted: OrderStatus): number =>
      statuses.filter((status) => status === wanted).length;
    return {
      seconds,
      visits: this.visits,
      requests: this.#requests,
      requestsPerSecond: this.#requests / seconds,
      latencyMs: this.#latencies.summary(),
      failures: Object.fromEntries([...this.#failures].sort()),
      cartsAbandoned: this.cartsAbandoned,
      orders: {
        acknowledged: statuses.length,
        confirmed: count('ORDER_STATUS_CONFIRMED'),
        cancelled: count('ORDER_STATUS_CANCELLED'),
        underWay: statuses.filter((status) => status !== undefined && !isOver(status)).length,
        lost: this.orders.flatMap(({ orderId, status }) => (status === undefined ? [orderId] : [])),
      },
    };
  }
}
