import { runOutsideScope } from '@meridian/kit/call-scope.ts';
import { WakeSignal } from '@meridian/kit/events/wake-signal.ts';
import { backoffMs, restUntilAborted, settledWithin } from '@meridian/kit/patience.ts';
import type { Database } from '@meridian/kit/postgres/database.ts';
import type { DedicatedSession } from '@meridian/kit/postgres/dedicated-session.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import type { SigningKey } from '@meridian/kit/tls/signing-key.ts';
import type { Publications } from '../publication/publication.ts';
import { HeadPublisher } from './head-publisher.ts';
import { LogKey } from './log-key.ts';
import type { LogMetrics } from './log-metrics.ts';
import { LogStopped } from './log-stopped.ts';
import { readPending } from './read-pending.ts';
import { logSealed } from './sealed-log.ts';
import { lagSeconds, trySequencerLock } from './sequencer-session.ts';
import { readHead, writeBatch } from './tile-store.ts';
import type { LogHead } from './tile-store.ts';
import { append } from './tree-edge.ts';

/** How a sequencer works; the defaults are for production, tests may be quicker. */
export interface SequencerSettings {
  /** Events in one batch at most. */
  readonly batchEvents: number;
  /** Data in one batch, unless it is one event. */
  readonly batchBytes: number;
  /** How often it looks for events: other processes add them as well. */
  readonly pollMs: number;
  /** Heads are at least so far apart. */
  readonly headIntervalMs: number;
  /** How often the others try to take over. */
  readonly takeoverMs: number;
  /** The server takes the lock from a sequencer that has said nothing for so long. */
  readonly lockTimeoutMs: number;
  /** How often a sequencer says something, and measures what waits. */
  readonly heartbeatMs: number;
  /** Longest pause after failures in a row. */
  readonly backoffMaxMs: number;
  /** How often it says again that something still fails. */
  readonly remindMs: number;
  /** How often all that is published is compared again, also where nothing new is to be published. */
  readonly compareMs: number;
}

export const DEFAULT_SEQUENCER_SETTINGS: SequencerSettings = {
  batchEvents: 4_000,
  batchBytes: 8_000_000,
  pollMs: 200,
  headIntervalMs: 250,
  takeoverMs: 1_000,
  lockTimeoutMs: 8_000,
  heartbeatMs: 2_000,
  backoffMaxMs: 5_000,
  remindMs: 60_000,
  compareMs: 60_000,
};

/** What a sequencer is made from. */
export interface SequencerOptions {
  readonly database: Pick<Database, 'dedicate'>;
  readonly publications: Publications;
  readonly key: Pick<SigningKey, 'current'>;
  readonly log: Logger;
  readonly metrics: LogMetrics;
  /** What the logs of this platform are called, such as `meridian.local/audit`; each adds its number. */
  readonly origin: string;
  /** Certificates of the platform's roots at the time, as PEM: they vouch for keys that a restored database has forgotten. */
  readonly roots: () => string;
  readonly settings?: Partial<SequencerSettings>;
}

const BACKOFF_FIRST_MS = 100;
const STOP_PATIENCE_MS = 1_500;

/**
 * Gives events their places in the log, and signs and publishes its heads. Every replica runs one; the one that
 * holds the advisory lock works, and all its statements run on the session that holds it, so one that lost the
 * lock can write nothing. It may still publish the head that it had in hand: a true one, of a tree that the next
 * sequencer extends.
 *
 * Order of things: a batch is committed, then its head is signed, then published, then recorded. Whatever is
 * published was committed before, so a database with less is an earlier one, and the log is stopped.
 */
export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #settings: SequencerSettings;
  readonly #key: LogKey;
  readonly #events = new WakeSignal();
  readonly #heads = new WakeSignal();
  readonly #stop = new AbortController();
  /** The tree as it was last committed on the session of now. */
  #sealed: LogHead | undefined;
  #active = false;
  #stoppedBecause: string | undefined;
  #running: Promise<void> | undefined;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#settings = { ...DEFAULT_SEQUENCER_SETTINGS, ...options.settings };
    this.#key = new LogKey(options.key);
  }

  /** Whether it works, waits for the one that does, or found the log to be another than the published one. */
  get state(): 'standby' | 'active' | 'stopped' {
    if (this.#stoppedBecause !== undefined) return 'stopped';
    return this.#active ? 'active' : 'standby';
  }

  /** Why the log takes no more entries. */
  get stoppedBecause(): string | undefined {
    return this.#stoppedBecause;
  }

  /** Starts in the background; a database or a publication that is away is waited for. */
  start(): void {
    this.#running ??= runOutsideScope(() => this.#run());
  }

  /** Says that this process added events; never waits and never throws. */
  wake(): void {
    this.#events.raise();
  }

  /** Stops after the statement under way; a call of the publication that hangs is left behind. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#events.raise();
    this.#heads.raise();
    await settledWithin(this.#running, STOP_PATIENCE_MS);
  }

  async #run(): Promise<void> {
    const { database, log, metrics } = this.#options;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      let session: DedicatedSession | undefined;
      try {
        session = await database.dedicate({ idleSessionTimeoutMs: this.#settings.lockTimeoutMs });
        failures = 0;
        await this.#work(session);
      } catch (err) {
        if (err instanceof LogStopped) {
          this.#stoppedBecause = err.message;
          metrics.stopped();
          log.error(
            { err },
            'the audit log has stopped; docs/runbooks/audit-log-stopped.md says what to do',
          );
        } else {
          log.warn({ err }, 'the sequencer of the audit log lost its database session');
        }
      } finally {
        if (this.#active) log.info('the sequencer of this process is off');
        this.#active = false;
        await session?.close();
      }
      await this.#pause(failures++);
    }
  }

  async #work(session: DedicatedSession): Promise<void> {
    // Also while the publication takes its time: only a process that is stopped or cut off falls silent.
    const heartbeat = setInterval(() => void this.#beat(session), this.#settings.heartbeatMs);
    try {
      while (this.state === 'stopped' || !(await trySequencerLock(session))) {
        await this.#events.wait(this.#settings.takeoverMs);
        if (this.#over(session)) return;
      }
      this.#active = true;
      this.#options.log.info('the sequencer of this process is on');
      await this.#sequence(session);
    } finally {
      clearInterval(heartbeat);
    }
  }

  async #sequence(session: DedicatedSession): Promise<void> {
    const { publications, log, origin: name, roots } = this.#options;
    this.#sealed = undefined;
    const { log: number } = await readHead(session);
    const publisher = new HeadPublisher({
      ...{ session, publications, key: this.#key, log, number, origin: `${name}/${number}`, roots },
    });
    // Not before: what is sealed behind an earlier moment would be lost with it.
    const published = await this.#insist(session, 'read', () => publisher.check());
    // Either is over when the other is: without its session it ends.
    const thenLeave = async (work: Promise<void>): Promise<void> => {
      try {
        await work;
      } finally {
        await session.close();
      }
    };
    const ends = await Promise.allSettled([
      thenLeave(this.#sealAll(session)),
      thenLeave(this.#publishAll(session, publisher, published)),
    ]);
    const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
    const reason = reasons.find((error) => error instanceof LogStopped) ?? reasons[0];
    if (reason !== undefined) throw reason;
  }

  async #sealAll(session: DedicatedSession): Promise<void> {
    const { batchEvents: rows, batchBytes: bytes, pollMs } = this.#settings;
    const seal = async (): Promise<number> => {
      const from = this.#sealed ?? (await readHead(session));
      const batch = await readPending(session, { rows, bytes });
      if (batch.length > 0) {
        // Read again if it fails, since nobody knows then whether it was committed.
        this.#sealed = undefined;
        const { tree, full } = append(
          from,
          batch.map(({ leafHash }) => leafHash),
        );
        await writeBatch(session, from, batch, { tree, full });
        this.#options.metrics.sealed(batch.length);
        logSealed(this.#options.log, batch, from.size);
        this.#sealed = { ...from, ...tree };
      } else {
        this.#sealed = from;
      }
      this.#heads.raise();
      return batch.length;
    };
    while (!this.#over(session)) {
      const sealed = await this.#insist(session, 'sealed', seal);
      if (sealed === 0) await this.#events.wait(pollMs);
    }
  }

  async #publishAll(
    session: DedicatedSession,
    publisher: HeadPublisher,
    publishedBefore: number,
  ): Promise<void> {
    const { metrics } = this.#options;
    let published = publishedBefore;
    let comparedMs = performance.now();
    metrics.published(published);
    while (!this.#over(session)) {
      if (performance.now() - comparedMs >= this.#settings.compareMs) {
        await this.#insist(session, 'read', () => publisher.check());
        comparedMs = performance.now();
      }
      if ((this.#sealed?.size ?? 0) > published) {
        const size = await this.#insist(session, 'published', async () => {
          // Only what is committed is here; after a pause there may be more.
          const head = this.#sealed;
          if (head !== undefined) await publisher.publish(head);
          return head?.size ?? published;
        });
        published = size;
        metrics.published(published);
        await restUntilAborted(this.#settings.headIntervalMs, this.#stop.signal);
      } else {
        await this.#heads.wait(this.#settings.pollMs);
      }
    }
  }

  /** Tries until it works; throws only if the session is lost, or the log is stopped, or this process stops. */
  async #insist<T>(session: DedicatedSession, done: string, work: () => Promise<T>): Promise<T> {
    const { log } = this.#options;
    let toldMs = -Infinity;
    for (let failures = 0; ; failures += 1) {
      try {
        const result = await work();
        if (failures > 0) log.info(`the audit log is ${done} again`);
        return result;
      } catch (err) {
        if (err instanceof LogStopped || this.#over(session)) throw err;
        if (performance.now() - toldMs >= this.#settings.remindMs) {
          toldMs = performance.now();
          log.warn({ err }, `the audit log cannot be ${done}; trying on`);
        }
        await this.#pause(failures);
      }
    }
  }

  #over(session: DedicatedSession): boolean {
    return this.#stop.signal.aborted || session.lost;
  }

  /** Keeps the session alive, and measures; what it fails with is seen by the statement that comes next. */
  async #beat(session: DedicatedSession): Promise<void> {
    const seenByTheNext = (): void => undefined;
    await lagSeconds(session).then((age) => this.#options.metrics.lag(age), seenByTheNext);
  }

  /** Waits longer with each failure in a row, and not at all once stopped. */
  async #pause(failures: number): Promise<void> {
    const pauseMs = backoffMs(failures + 1, BACKOFF_FIRST_MS, this.#settings.backoffMaxMs);
    await restUntilAborted(pauseMs, this.#stop.signal);
  }
}
