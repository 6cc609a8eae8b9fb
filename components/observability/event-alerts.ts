import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { heldFor, threshold, unlessCaused } from './alert.ts';
import type { Alert } from './alert.ts';
import { away } from './causes.ts';
import { enginesOf, servicesWithEvents } from './dependencies.ts';
import { hours, minutes, promql, recorded, series } from './promql.ts';
import type { RecordingRule } from './rule.ts';

/** 1 where events of a service are not published, whoever is to blame. */
export const OUTBOX_STUCK = 'service:outbox_stuck:is_1';

/** An event is published some tenths of a second after its change. */
const STUCK_AFTER_SECONDS = 120;

/** Which outboxes are stuck. */
export function outboxRules(graph: PlatformGraph): readonly RecordingRule[] {
  return servicesWithEvents(graph, 'publishers').map(({ name }) => {
    const age = oldest(name);
    const held = heldFor(promql`${age} > ${STUCK_AFTER_SECONDS}`, minutes(5));
    return {
      record: OUTBOX_STUCK,
      query: promql`(${held}) or ${age} * 0`,
      labels: { service: name },
    };
  });
}

function oldest(publisher: string) {
  return promql`max(${series(METRIC_REGISTRY.outboxOldestAge, { job: publisher })})`;
}

/** Alerts on events that do not arrive. */
export function eventAlerts(graph: PlatformGraph): readonly Alert[] {
  return [outboxStuck(graph), deadLetters(graph)];
}

function outboxStuck(graph: PlatformGraph): Alert {
  return {
    name: 'OutboxStuck',
    feels: 'What users change in SERVICE stays there: nothing else learns of it',
    severity: 'page',
    runbook: 'outbox-stuck',
    unit: 'seconds',
    limit: `an event not published for ${STUCK_AFTER_SECONDS} seconds, for 5 minutes`,
    of: servicesWithEvents(graph, 'publishers').map((service) => {
      const causes = [away([service.name, ...enginesOf(graph, service)])];
      const stuck = promql`max(${recorded(OUTBOX_STUCK, { service: service.name })})`;
      return {
        service: service.name,
        owner: service.owner,
        value: oldest(service.name),
        limit: STUCK_AFTER_SECONDS,
        firing: unlessCaused(stuck, causes),
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
