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
}

/** The server, as alerts name it. */
export const SERVER = postgresUsers.job;

/** Longer than a standby takes to be restarted, which a change of the server does with each. */
const STANDBY_AWAY_FOR = minutes(10);

/** That an instance does not do what it is there for; none where there is one server alone. */
export function instanceAlerts(
  graph: PlatformGraph,
  instances: InstanceSettings | undefined,
): readonly Alert[] {
  return instances === undefined ? [] : [standbyAway(graph, instances)];
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
