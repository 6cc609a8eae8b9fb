import { standInName } from '../../model/external.ts';

/** Who is told of pages and tickets: PagerDuty, by its Events API v2. */
export const PAGER = 'pager';

/** The process that stands in for it where there is none; it plays the heartbeat outside too. */
export const PAGER_STAND_IN = standInName(PAGER);

/** Its main file, relative to the program's root. */
export const PAGER_STAND_IN_ENTRY = 'services/watch/pager-stand-in/main.ts';

/** Name of the secret with which events of an owner are sent: PagerDuty's integration key. */
export function routingKeySecret(owner: string): string {
  return `${PAGER}-key-${owner}`;
}

/** PagerDuty's keys are so many bytes, as hexadecimal digits. */
export const ROUTING_KEY_BYTES = 16;

/** Where events are sent in production. Source: PagerDuty, Events API v2. */
export const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';

/** Paths of the stand-in: where events are sent, and the heartbeat; `/stand-in/incidents` says what came of both. */
export const STAND_IN_PATHS = { events: '/v2/enqueue', heartbeat: '/heartbeat' } as const;

/** The alert that always fires; it goes to a heartbeat outside, which misses it when it does not come. */
export const HEARTBEAT_ALERT = 'Heartbeat';

/**
 * How often Prometheus sends alerts that still fire (`--rules.alert.resend-delay`). Alertmanager takes an alert for
 * over four times as long after the last: with the default of a minute a Prometheus that ended would be missed after
 * four.
 */
export const ALERT_RESEND_DELAY = '15s';

/** How Alertmanager and PagerDuty name severities, by ours. */
export const PAGER_SEVERITY = { page: 'critical', ticket: 'warning' } as const;
