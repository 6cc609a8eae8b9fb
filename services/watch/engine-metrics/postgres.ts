import { ENGINE_METRICS } from '@meridian/language/engine-metrics.ts';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { gauge } from '@meridian/kit/telemetry/registered.ts';
import type { MetricsRegistry } from '@meridian/kit/telemetry/registered.ts';
import type { EnginePoll } from './engine-poll.ts';

/** States of sessions that are told apart; others, such as those of functions, are 'other'. */
const STATES = ['active', 'idle', 'idle in transaction', 'other'] as const;

/** What a server says of itself; source: PostgreSQL, "The Cumulative Statistics System". */
const STATEMENT = {
  name: 'watch_server',
  text: `SELECT pg_is_in_recovery() AS standby,
    current_setting('max_connections')::int AS max,
    (SELECT count(*)::int FROM pg_locks WHERE NOT granted) AS waiting,
    (SELECT coalesce(extract(epoch FROM now() - min(xact_start)), 0)::float8
       FROM pg_stat_activity WHERE backend_type = 'client backend') AS oldest,
    CASE WHEN current_setting('archive_mode') <> 'off' THEN
      (SELECT coalesce(extract(epoch FROM now() - min(modification)), 0)::float8
         FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready') END AS unarchived,
    (SELECT count(*)::int FROM pg_stat_replication WHERE state = 'streaming') AS replicas,
    (SELECT extract(epoch FROM max(replay_lag))::float8 FROM pg_stat_replication) AS lag,
    (SELECT coalesce(jsonb_object_agg(state, sessions), '{}') FROM (
       SELECT coalesce(state, 'other') AS state, count(*) AS sessions FROM pg_stat_activity
        WHERE backend_type = 'client backend' GROUP BY 1) AS by_state) AS sessions`,
} as const;

/** A row of it. */
interface Answer {
  readonly standby: boolean;
  readonly max: number;
  readonly waiting: number;
  readonly oldest: number;
  /** Null where it archives nothing. */
  readonly unarchived: number | null;
  readonly replicas: number;
  readonly lag: number | null;
  readonly sessions: Readonly<Record<string, number>>;
}

/**
 * PostgreSQL, by the binding of that name: the server that takes writes. After a fail-over its address may lead to a
 * standby for a while, which answers as well, so that each question has a connection of its own.
 */
export function postgresPoll(runtime: Runtime, name: string): EnginePoll {
  const limits = { statementTimeoutMs: 3_000, connectTimeoutMs: 3_000 };
  const database = openDatabase(runtime, name, { ...limits, need: 'degrading' });
  const shown = gauges(runtime.metrics.registry);
  const node = 'postgres';
  return {
    engine: 'postgres',
    nodes: [node],
    ask: async () => {
      const session = await database.dedicate();
      try {
        const [answer] = await session.query<Answer>(STATEMENT);
        if (answer === undefined) throw new Error('the server said nothing');
        if (answer.standby) throw new Error('a standby answered, which takes no writes');
        return { there: [node], show: () => show(shown, answer) };
      } finally {
        void session.close();
      }
    },
    forget: () => {
      const { sessions, ...others } = shown;
      sessions.reset();
      for (const each of Object.values(others)) each.remove();
    },
  };
}

function gauges(registry: MetricsRegistry) {
  return {
    sessions: gauge(registry, {
      name: ENGINE_METRICS.postgresConnections.name,
      help: 'Sessions of clients, by what they do',
    }),
    max: gauge(registry, {
      name: ENGINE_METRICS.postgresConnectionsMax.name,
      help: 'Sessions that the server admits',
    }),
    waiting: gauge(registry, {
      name: ENGINE_METRICS.postgresLocksWaiting.name,
      help: 'Locks that are waited for',
    }),
    oldest: gauge(registry, {
      name: ENGINE_METRICS.postgresOldestTransaction.name,
      help: 'Age of the oldest transaction',
    }),
    unarchived: gauge(registry, {
      name: ENGINE_METRICS.postgresArchiveWaiting.name,
      help: 'Age of the oldest part of the log that waits for the archive',
    }),
    replicas: gauge(registry, {
      name: ENGINE_METRICS.postgresReplicas.name,
      help: 'Replicas that follow',
    }),
    lag: gauge(registry, {
      name: ENGINE_METRICS.postgresReplicationLag.name,
      help: 'How far the last replica is behind',
    }),
  };
}

function show(shown: ReturnType<typeof gauges>, answer: Answer): void {
  const others = Object.entries(answer.sessions).filter(
    ([state]) => !STATES.slice(0, -1).includes(state as (typeof STATES)[number]),
  );
  const other = others.reduce((sum, [, sessions]) => sum + sessions, 0);
  for (const state of STATES) {
    shown.sessions.set({ state }, state === 'other' ? other : (answer.sessions[state] ?? 0));
  }
  shown.max.set(answer.max);
  shown.waiting.set(answer.waiting);
  shown.oldest.set(answer.oldest);
  shown.replicas.set(answer.replicas);
  showKnown(shown.lag, answer.lag);
  showKnown(shown.unarchived, answer.unarchived);
}

function showKnown(of: ReturnType<typeof gauges>['lag'], value: number | null): void {
  if (value === null) of.remove();
  else of.set(value);
}
