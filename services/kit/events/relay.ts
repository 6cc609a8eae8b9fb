import { runOutsideScope } from '../call-scope.ts';
import { backoffMs, restUntilAborted, settledWithin } from '../patience.ts';
import type { Database } from '../postgres/database.ts';
import type { DedicatedSession } from '../postgres/dedicated-session.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { EventMetrics } from './event-metrics.ts';
import {
  OUTBOX_CHANNEL,
  backlog,
  deletePublished,
  markPublished,
  notifyRelay,
  tryRelayLock,
  unpublished,
} from './outbox-table.ts';
import type { Publisher } from './publisher.ts';
import { WakeSignal } from './wake-signal.ts';

/** How a relay works; the defaults are for production, tests may be quicker. */
export interface RelaySettings {
  /** Events in one round at most. */
  readonly batchEvents: number;
  /** Payload in one round, unless it is one event; with headers under Kafka's 1 MiB for a batch. */
  readonly batchBytes: number;
  /** The relay looks by itself this often: a notice may be lost. */
  readonly pollMs: number;
  /** How often the others try to take over. */
  readonly takeoverMs: number;
  /** The server takes the lock from a relay that has said nothing for so long. */
  readonly lockTimeoutMs: number;
  /** How often a relay says something. */
  readonly heartbeatMs: number;
  /** Longest pause after failures in a row. */
  readonly backoffMaxMs: number;
  /** How long published events are kept. */
  readonly retentionMs: number;
  /** How often the backlog is measured and old events are deleted. */
  readonly upkeepMs: number;
}

export const DEFAULT_RELAY_SETTINGS: RelaySettings = {
  batchEvents: 500,
  batchBytes: 400_000,
  pollMs: 1_000,
  takeoverMs: 1_000,
  lockTimeoutMs: 8_000,
  heartbeatMs: 2_000,
  backoffMaxMs: 5_000,
  retentionMs: 3_600_000,
  upkeepMs: 5_000,
};

/** What a relay is made from. */
export interface RelayOptions {
  readonly database: Pick<Database, 'dedicate'>;
  readonly publisher: Publisher;
  readonly log: Logger;
  readonly metrics: EventMetrics;
  /** The CloudEvents source of everything it publishes. */
  readonly source: string;
  readonly settings?: Partial<RelaySettings>;
}

const BACKOFF_FIRST_MS = 100;
const STOP_PATIENCE_MS = 1_500;
const DELETE_LIMIT = 5_000;

/**
 * Publishes what is in the outbox, on its own time. Every replica runs one; the one that holds the
 * advisory lock works, and all its statements run on the session that holds it, so one that lost the
 * lock can mark nothing.
 *
 * Guarantee: every committed event is published at least once, and of one aggregate each event first
 * appears after the one before it. It holds without fencing: whatever relay publishes an event has
 * read all earlier ones of the aggregate either as published or in the same or an earlier round. So
 * a relay that is stopped with a round in hand and wakes up after another took over can only
 * repeat events, which the consumer's inbox drops.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #settings: RelaySettings;
  readonly #signal = new WakeSignal();
  readonly #stop = new AbortController();
  #session: DedicatedSession | undefined;
  #active = false;
  #notifying = false;
  #notifyAgain = false;
  /** Failed sends in a row. */
  #failures = 0;
  #upkeepDueMs = 0;
  #running: Promise<void> | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#settings = { ...DEFAULT_RELAY_SETTINGS, ...options.settings };
  }

  /** Whether this is the relay that works. */
  get active(): boolean {
    return this.#active;
  }

  /** Starts in the background; a database or Kafka that is away is waited for. */
  start(): void {
    this.#running ??= runOutsideScope(() => this.#run());
  }

  /** Says that events were committed by this process; never waits and never throws. */
  wake(): void {
    if (this.#active) this.#signal.raise();
    else if (this.#session !== undefined) runOutsideScope(() => void this.#notify());
  }

  /** Stops after the statement or send under way; a send that hangs is left behind. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#signal.raise();
    await settledWithin(this.#running, STOP_PATIENCE_MS);
  }

  async #run(): Promise<void> {
    const { database, log, metrics } = this.#options;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        this.#session = await database.dedicate({
          idleSessionTimeoutMs: this.#settings.lockTimeoutMs,
        });
        failures = 0;
        await this.#work(this.#session);
      } catch (err) {
        log.warn({ err }, 'the outbox relay lost its database session');
      } finally {
        if (this.#active) log.info('the outbox relay of this process is off');
        this.#active = false;
        metrics.relayActive(false);
        await this.#session?.close();
        this.#session = undefined;
      }
      await this.#pause(failures++);
    }
  }

  async #work(session: DedicatedSession): Promise<void> {
    // Also while Kafka takes its time: only a process that is stopped or cut off falls silent.
    const heartbeat = setInterval(() => void beat(session), this.#settings.heartbeatMs).unref();
    try {
      while (!this.#stop.signal.aborted && !session.lost) {
        if (!this.#active && (await tryRelayLock(session))) await this.#begin(session);
        if (performance.now() >= this.#upkeepDueMs) await this.#upkeep(session);
        if (this.#active && (await this.#publishSome(session))) continue;
        await this.#signal.wait(this.#active ? this.#settings.pollMs : this.#settings.takeoverMs);
      }
    } finally {
      clearInterval(heartbeat);
    }
  }

  async #begin(session: DedicatedSession): Promise<void> {
    await session.listen(OUTBOX_CHANNEL, () => this.#signal.raise());
    this.#active = true;
    this.#options.metrics.relayActive(true);
    this.#options.log.info('the outbox relay of this process is on');
  }

  /** One round; true if there may be more. Throws only if the session is lost. */
  async #publishSome(session: DedicatedSession): Promise<boolean> {
    const { publisher, source, metrics, log } = this.#options;
    const { batchEvents: rows, batchBytes: bytes } = this.#settings;
    const batch = await unpublished(session, source, { rows, bytes });
    if (batch.length === 0) {
      this.#failures = 0;
      return false;
    }
    try {
      await publisher.publish(batch.map(({ record }) => record));
    } catch (err) {
      if (this.#failures === 0) log.warn({ err }, 'events cannot be published; trying on');
      await this.#pause(this.#failures++);
      return true;
    }
    if (this.#failures > 0) log.info('events are published again');
    this.#failures = 0;
    await markPublished(
      session,
      batch.map(({ id }) => id),
    );
    metrics.published(batch.map(({ record }) => record.topic));
    return true;
  }

  async #upkeep(session: DedicatedSession): Promise<void> {
    this.#upkeepDueMs = performance.now() + this.#settings.upkeepMs;
    this.#options.metrics.backlog(await backlog(session));
    if (this.#active) await deletePublished(session, this.#settings.retentionMs, DELETE_LIMIT);
  }

  /** One notice at a time, and one more if events came meanwhile. */
  async #notify(): Promise<void> {
    this.#notifyAgain = this.#notifying;
    if (this.#notifying) return;
    this.#notifying = true;
    try {
      do {
        this.#notifyAgain = false;
        if (this.#session !== undefined) await notifyRelay(this.#session);
        // Set by another call of wake while this one waited.
        // oxlint-disable-next-line typescript/no-unnecessary-condition
      } while (this.#notifyAgain);
    } catch (err) {
      // The relay that is on polls, so the events only wait a little longer.
      this.#options.log.debug({ err }, 'no notice to the outbox relay');
    } finally {
      this.#notifying = false;
    }
  }

  /** Waits longer with each failure in a row, and not at all once stopped. */
  async #pause(failures: number): Promise<void> {
    const pauseMs = backoffMs(failures + 1, BACKOFF_FIRST_MS, this.#settings.backoffMaxMs);
    await restUntilAborted(pauseMs, this.#stop.signal);
  }
}

/** Keeps the session alive; what it fails with is seen by the statement that comes next. */
async function beat(session: DedicatedSession): Promise<void> {
  const seenByTheNext = (): void => undefined;
  await session.query({ name: 'heartbeat', text: 'SELECT 1' }).catch(seenByTheNext);
}
