import { SEVERITIES } from '../../model/alert.ts';
import type { Severity } from '../../model/alert.ts';
import { edgeService } from '../../model/call-order.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { sortedUnique } from '../../model/order.ts';
import { HEARTBEAT_ALERT, PAGER_SEVERITY } from './pager.ts';

/** Where Alertmanager finds what it tells others. */
export interface PagingPlaces {
  /** Where events are sent: PagerDuty's address, or that of its stand-in. */
  readonly eventsUrl: string;
  /** The file of the routing key of an owner: 32 characters, and nothing else. */
  readonly routingKeyFile: (owner: string) => string;
  /** Where the heartbeat goes: its address, or a file that holds it where it is a secret. @default nowhere */
  readonly heartbeat?: { readonly url: string } | { readonly url_file: string };
  /** Where people look at the platform. @default nowhere */
  readonly consoleUrl?: string;
}

/** A receiver of Alertmanager. */
export interface Receiver {
  readonly name: string;
  readonly pagerduty_configs?: readonly object[];
  readonly webhook_configs?: readonly object[];
}

/** A route of Alertmanager. */
export interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
}

/** Alertmanager's configuration (0.28), a plain value. */
export interface AlertmanagerConfiguration {
  readonly route: Route & {
    readonly group_by: readonly string[];
    readonly routes: readonly Route[];
  };
  readonly receivers: readonly Receiver[];
}

/** A page is sent at once: rules have waited long enough. A ticket is read in the morning. */
const PACE = {
  page: { group_wait: '5s', group_interval: '30s', repeat_interval: '4h' },
  ticket: { group_wait: '30s', group_interval: '5m', repeat_interval: '24h' },
} as const satisfies Readonly<Record<Severity, object>>;

/** Three of them in the time after which a missing one is told. */
const HEARTBEAT_PACE = { group_wait: '0s', group_interval: '15s', repeat_interval: '10s' } as const;

const HEARTBEAT_RECEIVER = 'heartbeat';

/**
 * Who is told of what: each owner of a page or a ticket by a key of its own, and the heartbeat. Rules decide what is one
 * fault, so each alert of a service is a group of its own. Pure.
 */
export function alertmanagerConfiguration(
  graph: PlatformGraph,
  places: PagingPlaces,
): AlertmanagerConfiguration {
  const owners = ownersOf(graph);
  const receivers = owners.flatMap((owner) =>
    SEVERITIES.map((severity) => pagerDuty(graph, places, owner, severity)),
  );
  return {
    route: {
      // What nobody owns is read by the owner of the edge.
      receiver: receiverName(edgeService(graph).owner, 'ticket'),
      group_by: ['alertname', 'service'],
      ...PACE.ticket,
      routes: [
        {
          receiver: HEARTBEAT_RECEIVER,
          matchers: [matcher('alertname', HEARTBEAT_ALERT)],
          ...HEARTBEAT_PACE,
        },
        ...owners.flatMap((owner) =>
          SEVERITIES.map((severity) => ({
            receiver: receiverName(owner, severity),
            matchers: [matcher('severity', PAGER_SEVERITY[severity]), matcher('owner', owner)],
            ...PACE[severity],
          })),
        ),
      ],
    },
    receivers: [
      {
        name: HEARTBEAT_RECEIVER,
        ...(places.heartbeat === undefined
          ? {}
          : {
              webhook_configs: [{ ...places.heartbeat, send_resolved: false, max_alerts: 1 }],
            }),
      },
      ...receivers,
    ],
  };
}

/** Everybody who is told of anything. */
export function ownersOf(graph: PlatformGraph): readonly string[] {
  return sortedUnique(graph.services.map(({ owner }) => owner));
}

function receiverName(owner: string, severity: Severity): string {
  return `${severity}-${owner}`;
}

function matcher(label: string, value: string): string {
  return `${label}=${JSON.stringify(value)}`;
}

/** What PagerDuty is told: the first line is what users feel. */
function pagerDuty(
  graph: PlatformGraph,
  { eventsUrl, routingKeyFile, consoleUrl }: PagingPlaces,
  owner: string,
  severity: Severity,
): Receiver {
  return {
    name: receiverName(owner, severity),
    pagerduty_configs: [
      {
        url: eventsUrl,
        routing_key_file: routingKeyFile(owner),
        send_resolved: true,
        client: 'Meridian',
        client_url: consoleUrl ?? '',
        description: annotation('summary'),
        severity: PAGER_SEVERITY[severity],
        source: graph.name,
        class: '{{ .CommonLabels.alertname }}',
        component: '{{ .CommonLabels.service }}',
        group: owner,
        details: Object.fromEntries(DETAILS.map((name) => [name, annotation(name)])),
        links: [{ href: annotation('runbook_url'), text: 'Runbook' }],
      },
    ],
  };
}

/** Annotations of alerts that a page shows below its first line, in this order. */
const DETAILS = ['description', 'releases', 'traces', 'board', 'runbook_url'] as const;

function annotation(name: string): string {
  return `{{ .CommonAnnotations.${name} }}`;
}
