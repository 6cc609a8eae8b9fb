import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { SEVERITIES } from '../../model/alert.ts';
import type { Severity } from '../../model/alert.ts';
import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { heldFor, howMany, unlessCaused } from './alert.ts';
import type { Alert } from './alert.ts';
import { BURNING } from './budget.ts';
import { dependenciesOf, enginesInUse } from './dependencies.ts';
import { hours, minutes, promql, recorded, series, UP } from './promql.ts';
import type { Duration, Query } from './promql.ts';
import type { RecordingRule } from './rule.ts';

/**
 * 1 while no replica of any service is seen: what looks is away, and not what it looks at. The last of what was seen is
 * looked at for five minutes by Prometheus, so its age counts: three scrapes that did not come.
 */
const NOTHING_SEEN = 'platform:nothing_seen:is_1';

const UNSEEN_AFTER_SECONDS = 45;

/** 1 while nothing is seen of a service or an engine. */
export const AWAY = 'service:away:is_1';
const AWAY_LATELY = 'service:away_lately:is_1';

/**
 * What was away still counts as a cause for so long: the half hour in which the shorter window of a page
 * remembers it, and some minutes in which what waited is worked off.
 */
export const CAUSE_LINGERS = minutes(35);

/** The same for a ticket, whose shorter windows remember it for six hours. */
const TICKET_REMEMBERS = hours(6);

/** A cause, and for a ticket whatever was one as long as the ticket remembers it. */
export function asLongAsRemembered(cause: Query, severity: Severity): Query {
  return severity === 'page' ? cause : lately(cause, TICKET_REMEMBERS);
}

/** A cause, for so long after it is over. */
export function lately(cause: Query, span: Duration): Query {
  return promql`max_over_time(${cause}[${span}])`;
}

/** 1 while nothing is seen of a zone in which something was seen within the hour. */
const ZONE_AWAY = 'zone:away:is_1';
const ZONE_SEEN_WITHIN = hours(1);

/** How alerts name a zone, apart from services and engines. */
export function zoneSubject(zone: string): string {
  return `zone-${zone}`;
}

/** Which services and engines are away. An engine that nobody asks is not known to be. */
export function awayRules(graph: PlatformGraph): readonly RecordingRule[] {
  const services = graph.services.filter(({ implemented }) => implemented);
  return [
    { record: NOTHING_SEEN, query: nothingFresh(services.map(({ name }) => name)) },
    ...services.map(({ name }) => ({
      record: AWAY,
      query: promql`(${seen(name)} == bool 0) * (1 - ${recorded(NOTHING_SEEN)})`,
      labels: { service: name },
    })),
    ...enginesInUse(graph).map((engine) => ({
      record: AWAY,
      query: promql`max(${series(METRIC_REGISTRY.engineUp, { engine })}) == bool 0`,
      labels: { service: engine },
    })),
    ...graph.zones.map(({ name }) => ({
      record: ZONE_AWAY,
      query: zoneAway(
        name,
        services.map((service) => service.name),
      ),
      labels: { service: zoneSubject(name) },
    })),
    {
      record: AWAY_LATELY,
      query: promql`max_over_time(${recorded(AWAY)}[${CAUSE_LINGERS}])`,
    },
  ];
}

function zoneAway(zone: string, services: readonly string[]): Query {
  const all = series(UP, { job: services, zone });
  const known = promql`max(max_over_time(${all}[${ZONE_SEEN_WITHIN}]))`;
  return promql`((count(${all} == 1) or ${known} * 0) == bool 0) * (1 - ${recorded(NOTHING_SEEN)})`;
}

function nothingFresh(services: readonly string[]): Query {
  const all = series(UP, { job: services });
  const fresh = promql`(timestamp(${all}) > (time() - ${UNSEEN_AFTER_SECONDS})) and (${all} == 1)`;
  return promql`(count(${fresh}) or vector(0)) == bool 0`;
}

/** How many replicas are seen; none is 0, since the graph says that there are some. */
export function seen(service: string): Query {
  return promql`(count(${series(UP, { job: service })} == 1) or vector(0))`;
}

/** Services and engines that are away, now or lately. */
export function away(names: readonly string[]): Query {
  return recorded(AWAY_LATELY, { service: names });
}

/** Services and engines that are away, or were within a span of time: for those whom it troubles no longer than that. */
export function awayWithin(names: readonly string[], span: Duration): Query {
  return lately(recorded(AWAY, { service: names }), span);
}

/** While nothing is seen, who is missed is not known. */
export const nothingSeen: Query = recorded(NOTHING_SEEN);

/** A zone that is away, now or lately: what it took along is its own. */
export const zoneAwayLately: Query = lately(recorded(ZONE_AWAY), CAUSE_LINGERS);

/** 1 where a service is away, or what it depends on is away or fails: then its own alerts say nothing new. */
const EXPLAINED = 'service:explained:is_1';

/** What the graph explains of each service. */
export function explainedRules(graph: PlatformGraph): readonly RecordingRule[] {
  return graph.services.flatMap(({ name }) =>
    SEVERITIES.map((severity) => {
      const { services, engines } = dependenciesOf(graph, name);
      const gone = asLongAsRemembered(away([name, ...services, ...engines]), severity);
      const causes = [gone, ...burning(services, severity)];
      return {
        record: EXPLAINED,
        query: promql`(${howMany(causes)}) > bool 0`,
        labels: { service: name, severity },
      };
    }),
  );
}

/** Whether the graph explains that a service fails. */
export function explained(service: string, severity: Severity): Query {
  return recorded(EXPLAINED, { service, severity });
}

/** Services whose own budgets are spent too quickly. */
export function burning(
  services: readonly string[],
  severity: Severity,
  slo?: string,
): readonly Query[] {
  if (services.length === 0) return [];
  const of = { service: services, at: 'server', ...(slo === undefined ? {} : { slo }) };
  const page = recorded(BURNING.page, of);
  return severity === 'page' ? [page] : [page, recorded(BURNING.ticket, of)];
}

/** Alerts that something is not there at all. */
export function awayAlerts(
  graph: PlatformGraph,
  replicas: Readonly<Record<string, number>>,
): readonly Alert[] {
  const services = graph.services.filter(({ implemented }) => implemented);
  const { owner } = edgeService(graph);
  const gone = (name: string) => ({
    service: name,
    value: recorded(AWAY, { service: name }),
    limit: 0,
    firing: held(recorded(AWAY, { service: name }), 1),
  });
  return [
    {
      name: 'NothingSeen',
      feels: 'Nobody can tell what users feel: nothing of the platform is seen',
      severity: 'page',
      runbook: 'nothing-seen',
      unit: 'count',
      limit: 'no replica of any service seen for 75 seconds',
      of: [
        {
          service: graph.name,
          owner,
          value: nothingSeen,
          limit: 0,
          firing: held(nothingSeen, 0.5),
        },
      ],
    },
    {
      name: 'EngineAway',
      feels: 'SERVICE is away: what needs it fails or waits',
      severity: 'page',
      runbook: 'engine-away',
      unit: 'count',
      limit: 'none of its processes answers for a minute',
      of: enginesInUse(graph).map((engine) => ({ owner, ...gone(engine) })),
    },
    {
      name: 'ServiceAway',
      feels: 'Nothing that needs SERVICE is answered: no replica of it is seen',
      severity: 'page',
      runbook: 'service-away',
      unit: 'count',
      limit: 'no replica seen for a minute',
      of: services.map((service) => ({ owner: service.owner, ...gone(service.name) })),
    },
    zonesAway(graph),
    replicaUnseen(graph, replicas),
  ];
}

/** Any one zone can go without users feeling it: what only one of them has is an engine of its own. */
function zonesAway(graph: PlatformGraph): Alert {
  const { owner } = edgeService(graph);
  return {
    name: 'ZoneAway',
    feels: 'Nobody feels it yet: SERVICE is away, and another loss would be felt',
    severity: 'ticket',
    runbook: 'zone-away',
    unit: 'count',
    limit: 'no replica of any service seen in it for 5 minutes',
    of: graph.zones.map(({ name }) => {
      const value = recorded(ZONE_AWAY, { service: zoneSubject(name) });
      return { service: zoneSubject(name), owner, value, limit: 0, firing: held(value, 5) };
    }),
  };
}

/** Users feel nothing as long as others are there; what a zone took along is the zone's. */
function replicaUnseen(graph: PlatformGraph, replicas: Readonly<Record<string, number>>): Alert {
  const services = graph.services.filter(({ implemented }) => implemented);
  return {
    name: 'ReplicaUnseen',
    feels: 'Nobody feels it yet: SERVICE has fewer replicas than it should, and less to lose',
    severity: 'ticket',
    runbook: 'service-away',
    unit: 'count',
    limit: 'fewer than the graph says for 5 minutes',
    of: services.map(({ name, owner, scale }) => {
      const expected = replicas[name] ?? scale.minReplicas;
      const missing = promql`(${seen(name)} < bool ${expected}) * (1 - max(${recorded(AWAY, { service: name })})) * (1 - ${nothingSeen})`;
      const firing = unlessCaused(held(missing, 5), [zoneAwayLately]);
      return { service: name, owner, value: seen(name), limit: expected, isBelow: true, firing };
    }),
  };
}

/** 1 where something has been 1 for some minutes. */
export function held(condition: Query, forMinutes: number): Query {
  return promql`(${heldFor(promql`max(${condition}) == 1`, minutes(forMinutes))}) or max(${condition}) * 0`;
}
