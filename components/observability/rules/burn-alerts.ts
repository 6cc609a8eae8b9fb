import { SEVERITIES } from '../../model/alert.ts';
import type { Severity } from '../../model/alert.ts';
import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import { unlessCaused } from './alert.ts';
import type { Alert, AlertOfService } from './alert.ts';
import { BURNING, CURRENT_BURN } from './budget.ts';
import { BURN_RATES } from './burn-rates.ts';
import { asLongAsRemembered, away, burning, explained, held } from './causes.ts';
import { enginesOf, publishersTo } from './dependencies.ts';
import { slowAtEdge } from './edge-latency.ts';
import { outboxBehind } from './event-alerts.ts';
import { promql, recorded } from './promql.ts';
import type { Matchers, Query } from './promql.ts';
import { latencyClasses, servicesWithOperations } from './request-events.ts';
import type { RecordingRule } from './rule.ts';

const SLOS = ['availability', 'latency'] as const;
type RequestSlo = (typeof SLOS)[number];

const FEELS: Readonly<Record<RequestSlo, string>> = {
  availability: 'Users get errors where SERVICE should answer',
  latency: 'Users wait where SERVICE should answer at once',
};

/** Alerts on budgets that are spent too quickly; each fault is one, where the graph says that it began. */
export function burnAlerts(graph: PlatformGraph): readonly Alert[] {
  return SEVERITIES.flatMap((severity) => [
    ...SLOS.map((slo) => requestAlert(graph, slo, severity)),
    ...freshnessAlerts(graph, severity),
  ]);
}

const SUFFIX: Readonly<Record<Severity, string>> = { page: 'BurnsFast', ticket: 'BurnsSlowly' };

function limitOf(severity: Severity): Pick<Alert, 'unit' | 'limit'> {
  const [fast, slow] = BURN_RATES[severity].map(({ factor }) => factor);
  return { unit: 'times', limit: `${fast} or, for longer, ${slow} times what 30 days allow` };
}

/** The lowest rate at which it fires: below it, there is no need to look at windows. */
function lowestFactor(severity: Severity): number {
  return Math.min(...BURN_RATES[severity].map(({ factor }) => factor));
}

function requestAlert(graph: PlatformGraph, slo: RequestSlo, severity: Severity): Alert {
  const word = slo === 'availability' ? 'Availability' : 'Latency';
  const edge = edgeService(graph);
  return {
    name: `${word}${SUFFIX[severity]}`,
    feels: FEELS[slo],
    severity,
    runbook: 'error-budget',
    ...limitOf(severity),
    of: [
      {
        ...burnOf(edge, severity, { slo, at: 'edge' }),
        firing: held(recorded(UNEXPLAINED, { slo, severity }), EXPLAINED_WITHIN_MINUTES),
      },
      ...servicesWithOperations(graph).map((service) => ofService(graph, service, slo, severity)),
    ],
  };
}

/** A service is asked for what it does itself; what it waits for is another's. */
function ofService(
  graph: PlatformGraph,
  service: ServiceNode,
  slo: RequestSlo,
  severity: Severity,
): AlertOfService {
  const own = { service: service.name, slo, at: 'server' };
  const causes = [
    explained(service.name, severity),
    ...paged(own, severity),
    ...(slo === 'latency' ? slowness(graph, service, severity) : []),
  ];
  const firing = unlessCaused(burns(own, severity), causes);
  return { ...burnOf(service, severity, own), firing };
}

/** A ticket can wait for the page that a quicker fault is about to be: where little is remembered, its windows fill first. */
const TICKET_WAITS_MINUTES = 10;

/** That a budget is spent too quickly. */
function burns(budget: Matchers, severity: Severity): Query {
  const record = recorded(BURNING[severity], budget);
  return severity === 'page' ? promql`max(${record})` : held(record, TICKET_WAITS_MINUTES);
}

/** What was paged needs no ticket, as long as the ticket's windows remember it. */
function paged(budget: Matchers, severity: Severity): readonly Query[] {
  return severity === 'page' ? [] : [asLongAsRemembered(recorded(BURNING.page, budget), severity)];
}

/** Errors that are slow are errors; and of what is slow at the edge the page is the edge's. */
function slowness(
  graph: PlatformGraph,
  service: ServiceNode,
  severity: Severity,
): readonly Query[] {
  return [
    ...burning([service.name], severity, 'availability'),
    ...slowAtEdge(graph, service, severity),
  ];
}

/**
 * What its service counts is scraped and evaluated some time after what the edge counts of the same requests, and ends some
 * time before.
 */
const EXPLAINED_WITHIN_MINUTES = 2;

/** 1 where a service's users meet what neither it nor what it depends on explains: then it is the edge's. */
const UNEXPLAINED = 'service:burning_at_edge:is_1';

/** What users of each service meet, and nothing behind the edge explains. */
export function edgeBurnRules(graph: PlatformGraph): readonly RecordingRule[] {
  const exposed = servicesWithOperations(graph).filter(
    (service) => latencyClasses(service, 'edge').length > 0,
  );
  return SEVERITIES.flatMap((severity) =>
    SLOS.flatMap((slo) =>
      exposed.map((service) => {
        const at = { service: service.name, slo, at: 'edge' };
        const causes = [
          explained(service.name, severity),
          ...burning([service.name], severity),
          ...paged(at, severity),
          ...(slo === 'latency' ? slowAtEdge(graph, service, severity) : []),
        ];
        return {
          record: UNEXPLAINED,
          query: unlessCaused(burns(at, severity), causes),
          labels: { service: service.name, slo, severity },
        };
      }),
    ),
  );
}

function freshnessAlerts(graph: PlatformGraph, severity: Severity): readonly Alert[] {
  return graph.services.flatMap((service) =>
    service.objectives.freshness.map(({ name, feels }): Alert => {
      const own = { service: service.name, operation: name, slo: 'freshness' };
      const publishers = publishersTo(graph, service.name);
      const causes = [
        away([service.name, ...enginesOf(graph, service), ...publishers]),
        ...publishers.map(outboxBehind),
        // What fails where somebody waits fails in the background too.
        ...burning([service.name], severity, 'availability'),
      ].map((cause) => asLongAsRemembered(cause, severity));
      const firing = unlessCaused(burns(own, severity), [...causes, ...paged(own, severity)]);
      return {
        name: `Freshness${camelCase(service.name)}${camelCase(name)}${SUFFIX[severity]}`,
        feels,
        severity,
        runbook: 'freshness',
        ...limitOf(severity),
        of: [{ ...burnOf(service, severity, own), firing }],
      };
    }),
  );
}

function burnOf(
  { name, owner }: ServiceNode,
  severity: Severity,
  matchers: Matchers,
): Omit<AlertOfService, 'firing'> {
  return {
    service: name,
    owner,
    value: promql`max by (operation) (${recorded(CURRENT_BURN, matchers)})`,
    limit: lowestFactor(severity),
  };
}

function camelCase(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
