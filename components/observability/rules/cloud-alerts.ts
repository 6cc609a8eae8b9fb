import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { ALERT, threshold, unlessCaused } from './alert.ts';
import type { Alert } from './alert.ts';
import { zoneAwayLately } from './causes.ts';
import {
  clusterLimits,
  edgeLimits,
  kafkaLimits,
  postgresLimits,
  redisLimits,
  wayOutLimits,
} from './cloud-limits.ts';
import type { CloudLimit, CloudWatchSettings } from './cloud-limits.ts';
import { enginesInUse } from './dependencies.ts';
import { minutes, promql, recorded, series } from './promql.ts';
import type { Query } from './promql.ts';
import { unseenAlert } from './unseen-alert.ts';

export type { CloudWatchSettings } from './cloud-limits.ts';

/** Longer than the exporter takes to be started elsewhere, to ask twice, and AWS to tell what it knows. */
const UNSEEN_FOR = minutes(30);

/**
 * That something which AWS manages does not do what it should, or soon will not; none where nobody asks AWS. What other alerts
 * say of an engine, by what it says itself, they say: those here are for what it does not know, or does not answer.
 */
export function cloudAlerts(
  graph: PlatformGraph,
  settings: CloudWatchSettings | undefined,
): readonly Alert[] {
  if (settings === undefined) return [];
  const engines = enginesInUse(graph);
  const ofEngines = { postgres: postgresLimits, kafka: kafkaLimits, redis: redisLimits };
  const limits = [
    ...Object.entries(ofEngines).flatMap(([engine, of]) =>
      engines.includes(engine) ? of(settings) : [],
    ),
    ...edgeLimits(settings),
    ...wayOutLimits(),
    ...clusterLimits(settings),
  ];
  return [...limits.map((limit) => alertOf(graph, limit)), unseen(graph, settings, engines)];
}

function alertOf(
  graph: PlatformGraph,
  { service, comparison, limit, says, forMinutes, value, besides = [], ...alert }: CloudLimit,
): Alert {
  const given = threshold({
    ...{ alert: alert.name, service, value, comparison, limit },
    span: minutes(forMinutes),
  });
  const causes = besides.map((name) => recorded(ALERT, { alert: name }));
  const firing = unlessCaused(given.firing, [zoneAwayLately, ...causes]);
  return {
    ...alert,
    limit: says,
    of: [{ service, owner: edgeService(graph).owner, ...given, firing }],
  };
}

/** That nobody says how what AWS manages is: one value of each, and that there are new ones. */
function unseen(
  graph: PlatformGraph,
  { postgres, kafka, redis, edge, cluster, hasWaysOut }: CloudWatchSettings,
  engines: readonly string[],
): Alert {
  const {
    rdsFreeStorage,
    kafkaDiskUsed,
    valkeyMemoryUsed,
    edgeHealthyTargets,
    natPortErrors,
    clusterStoreSize,
    cloudRequests,
  } = METRIC_REGISTRY;
  const ofEngines: Readonly<Record<string, Query>> = {
    postgres: series(rdsFreeStorage, { dimension_dbinstance_identifier: postgres.instances }),
    kafka: series(kafkaDiskUsed, { dimension_cluster_name: kafka.cluster }),
    redis: series(valkeyMemoryUsed, { dimension_cache_cluster_id: redis.nodes }),
  };
  const told = [
    ...Object.entries(ofEngines).flatMap(([engine, query]) =>
      engines.includes(engine) ? [query] : [],
    ),
    series(edgeHealthyTargets, { dimension_target_group: edge.targetGroups }),
    ...(hasWaysOut ? [series(natPortErrors)] : []),
    series(clusterStoreSize, { dimension_cluster_name: cluster }),
  ];
  // What it was told once it shows for ever, if a request of its own never ends.
  const asking = promql`(sum(increase(${series(cloudRequests)}[${UNSEEN_FOR}])) > 0)`;
  return unseenAlert(graph, {
    name: 'CloudMetricsUnseen',
    feels:
      'Nobody feels it yet: nobody says how full what AWS manages is, so that what fills is not told',
    runbook: 'cloud-metrics-unseen',
    limit: 'anything that AWS manages of which it tells nothing, for 30 minutes',
    reads: [...told.map((query) => promql`max(${query} >= 0)`), asking],
    span: UNSEEN_FOR,
  });
}
