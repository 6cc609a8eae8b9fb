import { setTimeout as delay } from 'node:timers/promises';
import { settleInBackground } from '@meridian/kit/background.ts';
import { runOutsideScope } from '@meridian/kit/call-scope.ts';
import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { METRICS } from '@meridian/kit/telemetry/names.ts';
import { gauge } from '@meridian/kit/telemetry/registered.ts';
import { reconcile } from './findings.ts';
import type { Findings } from './findings.ts';
import { HistoryStore } from './history-store.ts';
import { auditedServices } from './services.ts';
import type { RowClients } from './services.ts';
import type { StoredEvent } from '../stored-event.ts';
import type { TrailEntry } from './history.ts';
import type { Trail } from './trail.ts';

/** What the scheduled reconciliation works with. */
export interface ScheduleOptions {
  readonly runtime: Pick<Runtime, 'configuration' | 'log' | 'metrics' | 'onDrain'>;
  readonly session: Session;
  readonly clients: RowClients;
  /** Whether this replica is the one that seals: there is one, so one reconciles. */
  readonly isActive: () => boolean;
}

/** How often it is looked whether it is time. */
const LOOK_MS = 60_000;

/** The first after a start comes when the start is over, and not a day later: a replica may not live that long. */
const FIRST_MS = 10 * 60_000;
const INTERVAL_MS = 24 * 60 * 60_000;

/** What differs may be an event that waited for long: whether it came is not told a day later. */
const AGAIN_MS = 30 * 60_000;

/** Entries of a page. */
const PAGE_SIZE = 500;

/** About as long as an event is on its way. */
const PAUSE_MS = 500;

/** Discrepancies that the log names. */
const LOGGED_MAX = 10;

/** Holds the trail against the rows of the services every day, on the replica that seals. */
export function scheduleReconciliation(options: ScheduleOptions): void {
  const { runtime, isActive } = options;
  const run = reconciliation(options);
  const leaving = new AbortController();
  const unlessLeaving = (error: unknown): undefined => {
    if (!leaving.signal.aborted) throw error;
    return undefined;
  };
  let dueMs = performance.now() + FIRST_MS;
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    if (running !== undefined || performance.now() < dueMs || !isActive()) return;
    dueMs = performance.now() + INTERVAL_MS;
    running = runOutsideScope(() =>
      settleInBackground('reconciliation', async () => {
        const findings = await run(leaving.signal).catch(unlessLeaving);
        if (findings !== undefined && findings.discrepancyCount > 0) {
          dueMs = performance.now() + AGAIN_MS;
        }
      }),
    ).finally(() => (running = undefined));
  }, LOOK_MS).unref();
  runtime.onDrain('reconciliation', async () => {
    clearInterval(timer);
    leaving.abort();
    await running;
  });
}

/** One run, which shows what it found. */
export function reconciliation({
  runtime,
  session,
  clients,
}: Omit<ScheduleOptions, 'isActive'>): (signal: AbortSignal) => Promise<Findings> {
  const { configuration, log, metrics } = runtime;
  const discrepancies = gauge(metrics.registry, {
    name: METRICS.auditDiscrepancies,
    help: 'What the last reconciliation of this process found the trail and the services to say differently; 0 always',
  });
  const time = gauge(metrics.registry, {
    name: METRICS.auditReconciled,
    help: 'When this process last reconciled, in seconds since 1970; 0 if it has not yet',
  });
  return async (signal) => {
    const findings = await reconcile({
      services: auditedServices(clients, configuration.spiffeId, { signal }),
      trail: storedTrail(session, signal),
      pause: () => delay(PAUSE_MS, undefined, { signal }),
    });
    const { discrepancyCount, withoutBeginning } = findings;
    discrepancies.set(discrepancyCount);
    time.set(Date.now() / 1_000);
    if (discrepancyCount > 0) {
      const found = findings.discrepancies.slice(0, LOGGED_MAX);
      log.error(
        { discrepancies: discrepancyCount, without_beginning: withoutBeginning, found },
        'the audit trail does not say what the services have; see meridian audit reconcile',
      );
    }
    return findings;
  };
}

function toTrailEntry({ archivedLeaf, ...event }: StoredEvent): TrailEntry {
  return { ...event, archived: archivedLeaf !== undefined };
}

/** The trail as the database of audit has it. */
function storedTrail(session: Session, signal: AbortSignal): Trail {
  const store = new HistoryStore(session);
  return {
    page: async ({ source, subjects = [], place }) => {
      signal.throwIfAborted();
      const { events, next } = await store.list({ source, subjects, place, limit: PAGE_SIZE });
      return { entries: events.map(toTrailEntry), next };
    },
  };
}
