import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { postgresUsers } from '../../postgres/postgres-users.ts';
import { threshold, unlessCaused } from './alert.ts';
import type { Alert } from './alert.ts';
import { away, lately, nothingSeen, zoneAwayLately } from './causes.ts';
import { minutes, promql, series } from './promql.ts';
import type { Query } from './promql.ts';

/** The instances of PostgreSQL, where it has more than one. */
export interface InstanceSettings {
  /** How many follow the one that takes writes, if all is well. */
  readonly standbys: number;
  /** What the volume of an instance has for its databases, in bytes. */
  readonly dataBytes: number;
}

/** The server, as alerts name it. */
export const SERVER = postgresUsers.job;

/** Longer than a standby takes to be restarted, which a change of the server does with each. */
const STANDBY_AWAY_FOR = minutes(10);

/** More than the log takes while a standby is away (`max_slot_wal_keep_size`), and two checkpoints beside it. */
const LOG_SHARE = 0.9;

/** Early, as its growth is slow. */
const DATA_SHARE = 0.8;

/** That an instance does not do what it is there for; none where there is one server alone. */
export function instanceAlerts(
  graph: PlatformGraph,
  instances: InstanceSettings | undefined,
): readonly Alert[] {
  return instances === undefined
    ? []
    : [standbyAway(graph, instances), logVolume(graph), dataVolume(graph, instances)];
}

function standbyAway(graph: PlatformGraph, { standbys }: InstanceSettings): Alert {
  const name = 'PostgresStandbyAway';
  return {
    name,
    feels:
      'Nobody feels it yet: a standby of the database is away, and without the last one no change is taken',
    severity: 'ticket',
    ...{ runbook: 'postgres-standby', unit: 'count' },
    limit: `fewer standbys that follow than ${standbys}, for 10 minutes`,
    of: ofServer(graph, {
      ...{ alert: name, comparison: '<', limit: standbys, span: STANDBY_AWAY_FOR },
      value: promql`max(${series(METRIC_REGISTRY.postgresReplicas)})`,
    }),
  };
}

function logVolume(graph: PlatformGraph): Alert {
  const name = 'PostgresLogVolume';
  const of = (value: string) => promql`max(${series(METRIC_REGISTRY.instanceLog, { value })})`;
  return {
    name,
    feels: 'Soon no change is taken: the volume of the log of the database is nearly full',
    severity: 'page',
    ...{ runbook: 'postgres-volume', unit: 'percent' },
    limit: '90 % of the volume of the log, for 5 minutes',
    of: ofServer(graph, {
      ...{ alert: name, comparison: '>', limit: LOG_SHARE, span: minutes(5) },
      value: promql`${of('size')} / ${of('volume_size')}`,
    }),
  };
}

function dataVolume(graph: PlatformGraph, { dataBytes }: InstanceSettings): Alert {
  const name = 'PostgresDataVolume';
  const sizes = series(METRIC_REGISTRY.instanceDatabaseSize);
  return {
    name,
    feels: 'Nobody feels it yet: when the volume of the database is full, no change is taken',
    severity: 'ticket',
    ...{ runbook: 'postgres-volume', unit: 'percent' },
    limit: '80 % of the volume taken by databases, for 5 minutes',
    of: ofServer(graph, {
      ...{ alert: name, comparison: '>', limit: DATA_SHARE, span: minutes(5) },
      value: promql`max(sum by (instance) (${sizes})) / ${dataBytes}`,
    }),
  };
}

/** What is not told while the server is away has another reason. */
export function ofServer(
  graph: PlatformGraph,
  given: Omit<Parameters<typeof threshold>[0], 'service'>,
  causes: readonly Query[] = [],
): Alert['of'] {
  const found = threshold({ ...given, service: SERVER });
  const others = [away([SERVER]), zoneAwayLately, lately(nothingSeen, given.span)];
  const firing = unlessCaused(found.firing, [...others, ...causes]);
  return [{ service: SERVER, owner: edgeService(graph).owner, ...found, firing }];
}
