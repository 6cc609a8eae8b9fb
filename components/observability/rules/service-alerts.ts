import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { AlertNode } from '../../model/alert.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';
import { threshold, unlessCaused } from './alert.ts';
import type { Alert, AlertOfService } from './alert.ts';
import { publishersTo } from './dependencies.ts';
import { outboxBehind } from './event-alerts.ts';
import { minutes, promql, series } from './promql.ts';
import type { Query } from './promql.ts';

/** The alerts that services declare themselves. */
export function declaredAlerts(graph: PlatformGraph): readonly Alert[] {
  return graph.services.flatMap((service) =>
    service.alerts.map((alert) => declaredAlert(graph, service, alert)),
  );
}

function declaredAlert(graph: PlatformGraph, service: ServiceNode, alert: AlertNode): Alert {
  const { name, feels, severity, runbook, above } = alert;
  const span = isCounter(alert) ? minutes(1) : minutes(alert.minutes);
  const limit = isCounter(alert)
    ? `more than ${above} within ${alert.minutes} minutes`
    : `above ${above} for ${alert.minutes} minutes`;
  const given = { alert: name, value: valueOf(service, alert), limit: above, span };
  const found = ofService(service, { ...given, comparison: '>' });
  const late = alert.needsEvents ? publishersTo(graph, service.name).map(outboxBehind) : [];
  const firing = late.length === 0 ? found.firing : unlessCaused(found.firing, late);
  return {
    ...{ name, feels, severity, runbook, limit, unit: 'count' },
    of: [{ ...found, firing }],
  };
}

function isCounter({ metric }: AlertNode): boolean {
  return Object.values(METRIC_REGISTRY).some(
    ({ name, kind }) => name === metric && kind === 'counter',
  );
}

function valueOf({ name }: ServiceNode, alert: AlertNode): Query {
  const of = series({ name: alert.metric }, { job: name });
  return isCounter(alert)
    ? promql`sum(increase(${of}[${minutes(alert.minutes)}]))`
    : promql`max(${of})`;
}

/** A certificate is renewed long before a quarter of its time is left. */
const LEFT_SHARE = 0.25;

/** That a certificate was not renewed: connections are refused once it expires. */
export function certificateAlerts(graph: PlatformGraph, lifetimeSeconds: number): readonly Alert[] {
  const name = 'CertificateExpires';
  const limit = Math.round(lifetimeSeconds * LEFT_SHARE);
  return [
    {
      name,
      feels: 'Soon nothing reaches SERVICE: a certificate of it expires and is not renewed',
      severity: 'page',
      runbook: 'certificate-expires',
      unit: 'seconds',
      limit: `less than ${limit} seconds left, for a minute`,
      of: graph.services.map((service) => {
        const expiry = series(METRIC_REGISTRY.certificateExpiry, { job: service.name });
        const value = promql`min(${expiry}) - time()`;
        const given = { alert: name, value, comparison: '<' as const, limit, span: minutes(1) };
        return ofService(service, given);
      }),
    },
  ];
}

function ofService(
  { name, owner }: ServiceNode,
  given: Omit<Parameters<typeof threshold>[0], 'service'>,
): AlertOfService {
  return { service: name, owner, ...threshold({ ...given, service: name }) };
}
