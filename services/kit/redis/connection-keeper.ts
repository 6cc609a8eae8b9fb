import { setTimeout as delay } from 'node:timers/promises';
import { ErrorReply } from '@redis/client';
import type { Gauge } from 'prom-client';
import { backoffMs } from '../patience.ts';
import type { Runtime } from '../runtime.ts';
import type { ClientTls } from '../tls/client-tls.ts';
import type { RedisBinding } from './binding.ts';
import { connect } from './connection.ts';
import type { Connection, ConnectionLimits } from './connection.ts';
import { RedisUnavailableError } from './redis-error.ts';
import { connectionUp } from './redis-metrics.ts';

/** Limits of connections and commands. */
export interface KeeperLimits extends ConnectionLimits {
  readonly commandTimeoutMs: number;
}

/** So many answers in a row that did not come in time, and the connection is given up. */
const TIMEOUTS_ALLOWED = 3;

/** Waits between attempts to connect: doubled each time, and less by chance, so that not all come at once. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/** A connection is replaced after this, so that none outlives the certificate it was opened with. */
const MAX_LIFETIME_MS = 900_000;

/**
 * Keeps one connection open, and is the circuit at the same time: open while there is a connection,
 * closed from the moment it is lost or stops answering until another one stands. Attempts to connect
 * are all that a server that is away sees of us.
 */
export class ConnectionKeeper {
  readonly #binding: RedisBinding;
  readonly #tls: ClientTls;
  readonly #runtime: Pick<Runtime, 'log' | 'metrics'>;
  readonly #limits: KeeperLimits;
  readonly #connectionUp: Gauge;
  readonly #closed = new AbortController();
  readonly #kept: Promise<void>;
  #connection: Connection | undefined;
  #timeoutsInARow = 0;

  constructor(
    binding: RedisBinding,
    tls: ClientTls,
    runtime: Pick<Runtime, 'log' | 'metrics'>,
    limits: KeeperLimits,
  ) {
    this.#binding = binding;
    this.#tls = tls;
    this.#runtime = runtime;
    this.#connectionUp = connectionUp(runtime.metrics.registry);
    this.#limits = limits;
    this.#show(false);
    this.#kept = this.#keep();
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  /** Sends a command; throws RedisUnavailableError. */
  async send(command: readonly string[]): Promise<unknown> {
    const connection = this.#connection;
    if (connection === undefined) {
      throw new RedisUnavailableError('away', 'redis is away');
    }
    const timeout = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      timeout.reject(new RedisUnavailableError('timeout', 'redis did not answer in time'));
      this.#noteTimeout(connection);
    }, this.#limits.commandTimeoutMs);
    try {
      const answer = await Promise.race([connection.send(command), timeout.promise]);
      this.#timeoutsInARow = 0;
      return answer;
    } catch (error) {
      if (error instanceof RedisUnavailableError) throw error;
      const isReply = error instanceof ErrorReply;
      if (isReply) this.#timeoutsInARow = 0;
      throw isReply
        ? new RedisUnavailableError('refused', error.message, { cause: error })
        : new RedisUnavailableError('away', 'the connection to redis was lost', { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Closes the connection and opens no other. */
  async close(): Promise<void> {
    this.#closed.abort();
    this.#connection?.close();
    await this.#kept;
  }

  async #keep(): Promise<void> {
    const { signal } = this.#closed;
    let failures = 0;
    while (!signal.aborted) {
      try {
        const next = await connect(this.#binding, this.#tls, this.#runtime.log, this.#limits);
        this.#use(next);
        failures = 0;
        await Promise.race([next.ended, untilAborted(MAX_LIFETIME_MS, signal)]);
        // A server that lets us in and ends us at once is not to be asked without a pause.
        await untilAborted(FIRST_WAIT_MS * Math.random(), signal);
      } catch (err) {
        failures += 1;
        if (failures === 1) this.#runtime.log.warn({ err }, 'redis is away');
        await untilAborted(backoffMs(failures + 1, FIRST_WAIT_MS, LONGEST_WAIT_MS), signal);
      }
    }
    this.#connection?.close();
  }

  #use(next: Connection): void {
    const previous = this.#connection;
    this.#connection = next;
    this.#timeoutsInARow = 0;
    this.#show(true);
    this.#runtime.log.info({ binding: this.#binding.name }, 'redis is connected');
    // What was sent on it may still be answered.
    if (previous !== undefined) setTimeout(() => previous.close(), this.#limits.commandTimeoutMs);
    void next.ended.then(() => {
      if (this.#connection !== next) return;
      this.#connection = undefined;
      this.#show(false);
      if (!this.#closed.signal.aborted) this.#runtime.log.warn('redis connection lost');
    });
  }

  #noteTimeout(connection: Connection): void {
    this.#timeoutsInARow += 1;
    if (this.#timeoutsInARow >= TIMEOUTS_ALLOWED && this.#connection === connection) {
      connection.close();
    }
  }

  #show(up: boolean): void {
    this.#connectionUp.labels(this.#binding.name).set(up ? 1 : 0);
  }
}

/** Waits, but not longer than until aborted; never keeps the process alive. */
async function untilAborted(waitMs: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(waitMs, undefined, { signal, ref: false });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
