import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { EDGE_IDENTITY } from '../../service/service-configuration.ts';
import { PROBE } from '../probes.ts';
import { threshold, unlessCaused } from './alert.ts';
import type { Alert, AlertOfService } from './alert.ts';
import { awayWithin, zoneAwayLately, zoneSubject } from './causes.ts';
import { minutes, promql, recorded, series, UP } from './promql.ts';
import type { Duration, Matchers, Query } from './promql.ts';
import type { RecordingRule } from './rule.ts';

const { probeAnswerAge, probeAttempts } = METRIC_REGISTRY;

/** Three reads in a row that were not answered: on a busy machine one may be late. */
const ANSWERED_WITHIN_SECONDS = 50;

/** 1 while nobody answers the probe of any zone. */
const UNREACHABLE = 'edge:unreachable:is_1';

/** For so long what all zones met is not the fault of one, nor the edge's what was the gateways'. */
const REMEMBERED = minutes(5);

/** Whether the platform is reached at all; nothing where no probe asks. */
export function probeRules(): readonly RecordingRule[] {
  const query = promql`${newestAnswer()} > bool ${ANSWERED_WITHIN_SECONDS}`;
  return [{ record: UNREACHABLE, query }];
}

function newestAnswer(): Query {
  return promql`min(${series(probeAnswerAge, { job: PROBE, operation: 'read' })})`;
}

/**
 * That users do not get as far as the platform: an answer of the platform that says what is wrong is counted by the
 * objective of its service, and the alerts on those tell of it.
 */
export function probeAlerts(graph: PlatformGraph): readonly Alert[] {
  const { name: gateway, owner } = edgeService(graph);
  const all = 'EdgeUnreachable';
  const given = threshold({
    ...{ alert: all, service: EDGE_IDENTITY, comparison: '>', limit: ANSWERED_WITHIN_SECONDS },
    ...{ value: newestAnswer(), span: minutes(1) },
  });
  const firing = unlessCaused(given.firing, [awayWithin([gateway], REMEMBERED)]);
  const limit = `no answer for ${ANSWERED_WITHIN_SECONDS} seconds`;
  return [
    {
      name: all,
      feels: 'Users do not reach the platform: the probes of all zones get no answer',
      severity: 'page',
      ...{ runbook: 'edge-unreachable', unit: 'seconds' },
      limit: `${limit} to the probe of any zone, for a minute`,
      of: [{ service: EDGE_IDENTITY, owner, ...given, firing }],
    },
    {
      name: 'EdgeUnreachableFromZone',
      feels: 'Nobody may feel it yet: the edge does not answer SERVICE, and does answer others',
      severity: 'ticket',
      ...{ runbook: 'edge-unreachable', unit: 'seconds' },
      limit: `${limit} to the probe of the zone, for 5 minutes`,
      of: graph.zones.map(({ name }) => ofZone(name, owner)),
    },
  ];
}

function ofZone(zone: string, owner: string): AlertOfService {
  const service = zoneSubject(zone);
  const given = threshold({
    ...{ alert: 'EdgeUnreachableFromZone', service, comparison: '>' },
    ...{ limit: ANSWERED_WITHIN_SECONDS, span: minutes(5) },
    value: promql`max(${series(probeAnswerAge, { job: PROBE, zone, operation: 'read' })})`,
  });
  const everywhere = promql`max_over_time(${recorded(UNREACHABLE)}[${REMEMBERED}])`;
  return { service, owner, ...given, firing: unlessCaused(given.firing, [everywhere]) };
}

/**
 * That probes do not see: a zone in which services are seen has none, or their writes are refused and nothing else, or
 * not counted, so that nobody knows whether users can change anything.
 *
 * @param alert that this is a part of
 * @param span for how long it is so
 */
export function blindProbes(graph: PlatformGraph, alert: string, span: Duration): AlertOfService {
  const services = graph.services.filter(({ implemented }) => implemented);
  const jobs = services.map(({ name }) => name);
  const unlessUnseen = (probe: Query, zone: Matchers): Query => {
    const seen = series(UP, { job: jobs, ...zone });
    return promql`((count(${probe}) or vector(0)) == bool 0) * ((count(${seen} == 1) or vector(0)) > bool 0)`;
  };
  const absent = graph.zones.map(({ name: zone }) =>
    unlessUnseen(series(probeAnswerAge, { job: PROBE, zone, operation: 'read' }), { zone }),
  );
  const writes = (outcome: string): Query =>
    series(probeAttempts, { job: PROBE, operation: 'write', outcome });
  const uncounted = ['ok', 'refused'].map((outcome) => unlessUnseen(writes(outcome), {}));
  const written = (outcome: string): Query =>
    promql`(sum(increase(${writes(outcome)}[${span}])) or vector(0))`;
  const refused = promql`(${written('refused')} > bool 0) * (${written('ok')} == bool 0)`;
  const value = [...absent, ...uncounted].reduce(
    (sum, query) => promql`${sum} + ${query}`,
    refused,
  );
  const given = threshold({ alert, service: PROBE, value, comparison: '>', limit: 0, span });
  const firing = unlessCaused(given.firing, [zoneAwayLately]);
  return { service: PROBE, owner: edgeService(graph).owner, ...given, firing };
}
