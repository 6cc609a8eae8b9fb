import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { Severity } from '../../model/alert.ts';
import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { threshold, unlessCaused } from './alert.ts';
import type { Alert, Unit } from './alert.ts';
import { away, zoneAwayLately } from './causes.ts';
import { enginesInUse } from './dependencies.ts';
import { minutes, promql, series } from './promql.ts';
import { unseenAlert } from './unseen-alert.ts';
import type { Query } from './promql.ts';

/** What is looked at of an engine, by the name that its users know it by. */
interface EngineLimit {
  readonly name: string;
  readonly engine: string;
  readonly feels: string;
  readonly severity: Severity;
  readonly runbook: string;
  readonly unit: Unit;
  /** Fires above it, in the unit of the value. */
  readonly limit: number;
  readonly says: string;
  readonly forMinutes: number;
  readonly value: Query;
}

const {
  engineUp,
  postgresConnections,
  postgresConnectionsMax,
  postgresReplicationLag,
  redisEvictedKeys,
  kafkaUnderReplicated,
  kafkaOffline,
  elasticsearchStatus,
} = METRIC_REGISTRY;

const LIMITS: readonly EngineLimit[] = [
  {
    ...{ name: 'PostgresConnections', engine: 'postgres', severity: 'page' },
    feels: 'Soon requests wait for the database and fail: nearly all of its connections are used',
    ...{ runbook: 'postgres-pressure', unit: 'percent', limit: 0.9, forMinutes: 5 },
    says: '90 % of the connections that it admits, for 5 minutes',
    value: promql`sum(${series(postgresConnections)}) / max(${series(postgresConnectionsMax)})`,
  },
  {
    ...{ name: 'PostgresReplication', engine: 'postgres', severity: 'ticket' },
    feels:
      'Nobody feels it yet: a copy of the database is behind, and less would be kept of a lost one',
    ...{ runbook: 'postgres-pressure', unit: 'seconds', limit: 30, forMinutes: 5 },
    says: '30 seconds behind, for 5 minutes',
    value: promql`max(${series(postgresReplicationLag)})`,
  },
  {
    ...{ name: 'KafkaOffline', engine: 'kafka', severity: 'page' },
    feels: 'What users change is not passed on: partitions have no leader',
    ...{ runbook: 'kafka-partitions', unit: 'count', limit: 0, forMinutes: 2 },
    says: 'any partition without a leader, for 2 minutes',
    value: promql`max(${series(kafkaOffline)})`,
  },
  {
    ...{ name: 'KafkaUnderReplicated', engine: 'kafka', severity: 'ticket' },
    feels:
      'Nobody feels it yet: events have fewer copies than they should, and one more loss stops them',
    ...{ runbook: 'kafka-partitions', unit: 'count', limit: 0, forMinutes: 5 },
    says: 'any partition with a copy that is not up to date, for 5 minutes',
    value: promql`max(${series(kafkaUnderReplicated)})`,
  },
  {
    ...{ name: 'RedisEvicts', engine: 'redis', severity: 'ticket' },
    feels:
      'Users wait a little longer: what was cached, or counted for limits, was dropped for want of memory',
    ...{ runbook: 'redis-evictions', unit: 'count', limit: 0, forMinutes: 1 },
    says: 'any key dropped within 10 minutes',
    value: promql`sum(increase(${series(redisEvictedKeys)}[${minutes(10)}]))`,
  },
  {
    ...{ name: 'ElasticsearchRed', engine: 'elasticsearch', severity: 'page' },
    feels: 'Shoppers find nothing, or not all there is: a part of the index is nowhere',
    ...{ runbook: 'elasticsearch-red', unit: 'count', limit: 0, forMinutes: 2 },
    says: 'status red for 2 minutes',
    value: promql`max(${series(elasticsearchStatus, { status: 'red' })})`,
  },
];

/** That an engine is there and does not do what it should; nothing where nobody asks it. */
export function engineAlerts(graph: PlatformGraph): readonly Alert[] {
  const { owner } = edgeService(graph);
  const engines = enginesInUse(graph);
  return LIMITS.filter(({ engine }) => engines.includes(engine)).map(
    ({ name, engine, feels, severity, runbook, unit, limit, says, forMinutes, value }) => {
      const given = threshold({
        ...{ alert: name, service: engine, value, comparison: '>', limit },
        span: minutes(forMinutes),
      });
      const firing = unlessCaused(given.firing, [away([engine]), zoneAwayLately]);
      return {
        ...{ name, feels, severity, runbook, unit },
        limit: says,
        of: [{ service: engine, owner, ...given, firing }],
      };
    },
  );
}

/** As long as whoever asks takes to be started, and asks once. */
const UNSEEN_FOR = minutes(10);

/** That nobody says how engines are: one that is away would not be told. */
export function enginesUnseen(graph: PlatformGraph): Alert {
  return unseenAlert(graph, {
    name: 'EnginesUnseen',
    feels: 'Nobody feels it yet: nobody asks engines how they are, so one that is away is not told',
    runbook: 'engines-unseen',
    limit: 'any engine in use of which nothing is known, for 10 minutes',
    reads: enginesInUse(graph).map((engine) => promql`max(${series(engineUp, { engine })})`),
    span: UNSEEN_FOR,
  });
}
