import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { threshold, unlessCaused } from './alert.ts';
import type { Alert } from './alert.ts';
import { away, CAUSE_LINGERS } from './causes.ts';
import { enginesOf, servicesWithEvents } from './dependencies.ts';
import { hours, minutes, promql, recorded, series } from './promql.ts';
import type { Query } from './promql.ts';
import type { RecordingRule } from './rule.ts';

/** An event is published some tenths of a second after its change. */
const BEHIND_AFTER_SECONDS = 30;
const STUCK_AFTER_SECONDS = 120;

/** 1 where events of a service wait to be published, whoever is to blame, and some time after. */
const OUTBOX_BEHIND = 'service:outbox_behind_lately:is_1';

/** Which outboxes are behind: those who consume are late then, and not to blame. */
export function outboxRules(graph: PlatformGraph): readonly RecordingRule[] {
  const step = { seconds: 30 };
  return servicesWithEvents(graph, 'publishers').map(({ name }) => ({
    record: OUTBOX_BEHIND,
    query: promql`max_over_time((${oldest(name)} > bool ${BEHIND_AFTER_SECONDS})[${CAUSE_LINGERS}:${step}])`,
    labels: { service: name },
  }));
}

/** That events of a service waited to be published lately. */
export function outboxBehind(service: string): Query {
  return recorded(OUTBOX_BEHIND, { service });
}

function oldest(publisher: string) {
  return promql`max(${series(METRIC_REGISTRY.outboxOldestAge, { job: publisher })})`;
}

/** Alerts on events that do not arrive. */
export function eventAlerts(graph: PlatformGraph): readonly Alert[] {
  return [outboxStuck(graph), deadLetters(graph)];
}

function outboxStuck(graph: PlatformGraph): Alert {
  const name = 'OutboxStuck';
  return {
    name,
    feels: 'What users change in SERVICE stays there: nothing else learns of it',
    severity: 'page',
    runbook: 'outbox-stuck',
    unit: 'seconds',
    limit: `an event not published for ${STUCK_AFTER_SECONDS} seconds, for 5 minutes`,
    of: servicesWithEvents(graph, 'publishers').map((service) => {
      const causes = [away([service.name, ...enginesOf(graph, service)])];
      const given = threshold({
        alert: name,
        service: service.name,
        value: oldest(service.name),
        comparison: '>',
        limit: STUCK_AFTER_SECONDS,
        span: minutes(5),
      });
      return {
        service: service.name,
        owner: service.owner,
        ...given,
        firing: unlessCaused(given.firing, causes),
      };
    }),
  };
}

function deadLetters(graph: PlatformGraph): Alert {
  const name = 'DeadLetters';
  return {
    name,
    feels: 'One order or account stands still: SERVICE could not handle an event of it',
    severity: 'ticket',
    runbook: 'dead-letters',
    unit: 'count',
    limit: 'any in the last hour',
    of: servicesWithEvents(graph, 'consumers').map(({ name: service, owner }) => {
      const dead = series(METRIC_REGISTRY.consumedEvents, { job: service, outcome: 'dead' });
      const value = promql`sum(increase(${dead}[${hours(1)}]))`;
      const read = { alert: name, service, value, comparison: '>' as const, limit: 0 };
      return { service, owner, ...threshold({ ...read, span: minutes(1) }) };
    }),
  };
}
