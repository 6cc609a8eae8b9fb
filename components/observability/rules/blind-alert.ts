import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import { threshold, unlessCaused } from './alert.ts';
import type { Alert, AlertOfService } from './alert.ts';
import { awayWithin } from './causes.ts';
import { enginesOf } from './dependencies.ts';
import { blindProbes } from './probe-alerts.ts';
import { metricNamed, minutes, promql, series, textOf, UP } from './promql.ts';
import type { Matchers, Query, Selection } from './promql.ts';
import { selectionsReadBy } from './reads.ts';
import type { PlatformRules } from './rules.ts';

const BLIND = 'AlertBlind';

/** As long as a replica takes to start, learn how far consumers are, and be scraped. */
const FOR = minutes(10);

/** Any value that is there. */
const SOME = { pattern: '.+' } as const;

/** Labels that are absent where there is nothing to say. */
const MAY_BE_ABSENT: readonly string[] = ['waited', 'error_type'];

/**
 * That alerts on a service cannot fire, since what they read is not there while the service is: a metric that is no
 * longer registered, a label with another name, or a counter that stands still while callers are answered; nor this one,
 * since callers do not count.
 */
export function blindAlert(
  graph: PlatformGraph,
  rules: Pick<PlatformRules, 'groups'>,
  alerts: readonly Alert[],
): Alert {
  return {
    name: BLIND,
    feels:
      'Nobody feels it yet: what alerts on SERVICE read is missing, so the next fault is not told',
    severity: 'ticket',
    runbook: 'alert-blind',
    unit: 'count',
    limit: 'any series that alerts read missing while the service is up, for 10 minutes',
    of: [
      ...graph.services
        .filter(({ implemented }) => implemented)
        .flatMap((service) => blindOf(graph, service, alertInputs(graph, rules, alerts, service))),
      blindProbes(graph, BLIND, FOR),
    ],
  };
}

/** The series that alerts on a service read of its own metrics, with the labels that the registry says. */
export function alertInputs(
  graph: PlatformGraph,
  rules: Pick<PlatformRules, 'groups'>,
  alerts: readonly Alert[],
  { name }: Pick<ServiceNode, 'name'>,
): readonly Query[] {
  const read = alerts
    .flatMap(({ of }) => of.filter(({ service }) => service === name))
    .flatMap(({ value }) => selectionsReadBy(rules, value))
    .filter((selection) => selection.metric !== UP.name && isOf(graph, name, selection))
    .map((selection) => whole(name, selection));
  return [...new Map(read.map((query) => [textOf(query, 1), query])).values()];
}

/** Whether some of what is selected is a service's own; what has no job is the edge's. */
function isOf(graph: PlatformGraph, service: string, { matchers }: Selection): boolean {
  const { job } = matchers;
  if (job === undefined) return edgeService(graph).name === service;
  return typeof job === 'string' ? job === service : Array.isArray(job) && job.includes(service);
}

/** All of a metric; of a histogram a bound, since that may be missing alone. */
function whole(job: string, { metric, suffix, matchers }: Selection): Query {
  const labels = metricNamed(metric).labels.filter((label) => !MAY_BE_ABSENT.includes(label));
  const { le } = matchers;
  const all: Matchers = {
    job,
    ...Object.fromEntries(labels.map((label) => [label, SOME])),
    ...(le === undefined ? {} : { le }),
  };
  return series({ name: metric }, all, suffix);
}

function blindOf(
  graph: PlatformGraph,
  service: ServiceNode,
  inputs: readonly Query[],
): readonly AlertOfService[] {
  const [first, ...others] = [
    ...inputs.map(missing),
    ...standingStill(graph, service),
    ...uncounted(graph, service),
  ];
  if (first === undefined) return [];
  const count = others.reduce((sum, query) => promql`${sum} + ${query}`, first);
  const isUp = promql`max(${series(UP, { job: service.name })}) == 1`;
  const { name, owner } = service;
  const given = threshold({
    ...{ alert: BLIND, service: name, comparison: '>', limit: 0, span: FOR },
    value: promql`(${count}) and on () (${isUp})`,
  });
  // What starts again, or cannot ask an engine, has series missing for so long as it takes, and no longer.
  const causes = [awayWithin([name, ...enginesOf(graph, service)], FOR)];
  const firing = unlessCaused(given.firing, causes);
  return [{ service: name, owner, ...given, firing }];
}

function missing(input: Query): Query {
  return promql`((count(${input}) or vector(0)) == bool 0)`;
}

/** That callers are answered by a service which counts no answer. */
function standingStill(graph: PlatformGraph, { name, contract }: ServiceNode): readonly Query[] {
  if (contract === null || !graph.calls.some(({ to }) => to === name)) return [];
  const answered = { rpc_method: { pattern: `${contract}/.+` }, rpc_status_code: 'OK' };
  const { rpcClientCallDuration, rpcServerCallDuration } = METRIC_REGISTRY;
  const asked = grown(series(rpcClientCallDuration, answered, '_count'));
  const counted = grown(series(rpcServerCallDuration, { job: name, ...answered }, '_count'));
  return [promql`((${asked} > bool 0) * (${counted} == bool 0))`];
}

/**
 * That callers count no call at all, by which standing still is told. Where the edge is among them, which asks all the
 * time for what it needs itself: any other may not have called yet.
 */
function uncounted(graph: PlatformGraph, { name, contract }: ServiceNode): readonly Query[] {
  const callers = graph.calls.filter(({ to }) => to === name).map(({ from }) => from);
  const edge = edgeService(graph).name;
  if (contract === null || !callers.includes(edge)) return [];
  const calls = whole(edge, {
    ...{ metric: METRIC_REGISTRY.rpcClientCallDuration.name, suffix: '_count', matchers: {} },
  });
  return [promql`(${missing(calls)} * (max(${series(UP, { job: edge })}) or vector(0)))`];
}

function grown(counter: Query): Query {
  return promql`(sum(increase(${counter}[${FOR}])) or vector(0))`;
}
