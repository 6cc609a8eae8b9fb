import { rulesReadBy } from '@meridian/components/observability/rules/reads.ts';
import type { DeclaredAlert } from '../../../infra/declared-alerts.ts';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { textOf } from '@meridian/components/observability/rules/promql.ts';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { rememberedOf } from '../../meridian/rehearsal/remembered.ts';
import type { Finding } from '../finding.ts';
import { isSame } from './is-same.ts';
import { listed, matched, ofMember } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { compareMembers, toldBy, unknownChange } from './members.ts';
import type { Comparators } from './members.ts';

/** An alert on both sides, and whether what it asks follows from what the graphs say. */
interface AlertPair {
  readonly alert: DeclaredAlert;
  readonly former: DeclaredAlert;
  readonly isExplained: boolean;
  /** Whether a service declares it, and not the rules of the platform. */
  readonly isDeclared: boolean;
  /** Whether a service has another owner, whose alerts this is one of. */
  readonly isOwnerTold: boolean;
}

const ALERT: Comparators<DeclaredAlert, AlertPair> = {
  name: toldBy('the pairing of alerts by their names'),
  service: toldBy('the pairing of alerts by whom they are about'),
  // One owner has many alerts: it is told once, of the service.
  owner: (before, after, { alert, isOwnerTold }) =>
    isOwnerTold
      ? []
      : [
          changed(alert, 'alert-changed', {
            ...{ property: 'who is on call', before, after },
            consequence: `it wakes ${after}`,
          }),
        ],
  // What minutes, threshold and the rules say, in words.
  limit: (before, after, { alert, former }) =>
    isSame(former.asks, alert.asks) ? [words(alert, 'limit', before, after)] : [],
  severity: (before, after, { alert }) => [
    changed(alert, after === 'ticket' ? 'page-lost' : 'alert-changed', {
      ...{ property: 'severity', before, after },
      consequence:
        after === 'ticket'
          ? `it waits for the morning: ${alert.feels}`
          : `it wakes somebody: ${alert.feels}`,
    }),
  ],
  feels: (before, after, { alert }) => [words(alert, 'what users feel', before, after)],
  runbook: (before, after, { alert }) => [words(alert, 'runbook', before, after)],
  threshold: (before, after, { alert, isExplained, isDeclared }) => {
    // That of how many replicas are seen follows from how many there are, which is told.
    if (isExplained && !isDeclared) return [];
    const isLooser = alert.isBelow ? after < before : after > before;
    // Of what can run out nothing is left then, such as the time until a certificate ends.
    const isTooLate = isLooser && alert.isBelow && after <= 0 && alert.severity === 'page';
    return [
      changed(alert, isTooLate ? 'page-late' : isLooser ? 'alert-loosened' : 'alert-changed', {
        property: alert.isBelow ? 'fires below' : 'fires above',
        before: String(before),
        after: String(after),
        consequence: isTooLate
          ? `nothing is left when it fires: ${alert.feels}`
          : isLooser
            ? 'it fires later or never'
            : 'it fires sooner',
      }),
    ];
  },
  isBelow: (before, after, { alert }) => [
    unknownChange(
      { declaration: `service ${alert.service}`, subject: alert.name, among: 'alerts' },
      'isBelow',
      before,
      after,
    ),
  ],
  asks: (_before, _after, { alert, former, isExplained }) =>
    isExplained || former.limit !== alert.limit
      ? []
      : [
          {
            ...unknownChange(
              { declaration: `service ${alert.service}`, subject: alert.name, among: 'alerts' },
              'what it asks',
              former.limit,
              alert.limit,
            ),
            consequence: 'its rule asks something else, and no declaration says why',
          },
        ],
  watches: toldBy('what it asks, and what is blind'),
};

/** Alerts that nobody gets any more, that see nothing, that fire at another time, and new ones. */
export function stackAlertFindings(comparison: Comparison): readonly Finding[] {
  const { base, head } = comparison;
  const { gone, come, both } = matched(base.alerts, head.alerts, keyOf);
  const asksElse = both.some(([former, alert]) => !isSame(former.asks, alert.asks));
  const explained = asksElse ? explainedAsks(base.graph, head.graph) : new Set<string>();
  return [
    ...gone.filter((alert) => isStillThere(comparison, alert)).map((alert) => lost(alert)),
    ...come
      .filter(({ service }) => base.alerts.some((one) => one.service === service))
      .map((alert) =>
        changed(alert, 'alert-added', {
          property: alert.severity,
          after: alert.limit,
          consequence: alert.feels,
        }),
      ),
    ...both.flatMap(([former, alert]) => [
      ...blinded(comparison, former, alert),
      ...compareMembers(ALERT, former, alert, {
        context: {
          ...{ former, alert, isExplained: explained.has(keyOf(alert)) },
          isOwnerTold: isOwnerTold(comparison, alert),
          isDeclared: isDeclared(comparison, alert),
        },
        node: { declaration: `service ${alert.service}`, subject: alert.name, among: 'alerts' },
      }),
    ]),
  ];
}

function isDeclared({ head }: Comparison, { name }: DeclaredAlert): boolean {
  return head.graph.services.some(({ alerts }) => alerts.some((one) => one.name === name));
}

/** Alerts of engines and of the whole platform are the edge service's owner's. */
function isOwnerTold({ base, head }: Comparison, { service }: DeclaredAlert): boolean {
  const ownerOf = ({ graph }: Comparison['head']) =>
    (
      graph.services.find(({ name }) => name === service) ??
      graph.services.find(({ exposure }) => exposure === 'edge')
    )?.owner;
  return ownerOf(base) !== ownerOf(head);
}

function keyOf({ name, service }: Pick<DeclaredAlert, 'name' | 'service'>): string {
  return `${name} ${service}`;
}

/** Whether what an alert was about is there: else the alert went with it, and is told with that. */
function isStillThere({ head }: Comparison, { service }: DeclaredAlert): boolean {
  return (
    head.graph.services.some(({ name }) => name === service) ||
    head.alerts.some((alert) => alert.service === service)
  );
}

function lost(alert: DeclaredAlert): Finding {
  return changed(alert, alert.severity === 'page' ? 'page-lost' : 'ticket-lost', {
    property: alert.severity,
    before: alert.limit,
    after: 'none',
    consequence: `nobody is ${alert.severity === 'page' ? 'woken' : 'told'} when this is so: ${alert.feels}`,
  });
}

/** An alert that could see before, and reads now what the code of a service no longer writes. */
function blinded(
  { base, head }: Comparison,
  former: DeclaredAlert,
  alert: DeclaredAlert,
): readonly Finding[] {
  const before = unwritten(base.emits, former);
  const missing = unwritten(head.emits, alert).filter((one) => !before.includes(one));
  if (missing.length === 0 || alert.name === TELLS_OF_BLIND) return [];
  if (unwritten(head.emits, alert).length < alert.watches.length) {
    return [
      changed(alert, 'alert-loosened', {
        property: 'what it reads',
        before: listed(missing),
        after: 'written by nothing',
        consequence: `it may say nothing when this is so: ${alert.feels}`,
      }),
    ];
  }
  return [
    changed(alert, alert.severity === 'page' ? 'page-blind' : 'ticket-lost', {
      property: 'what it reads',
      before: listed(missing),
      after: 'written by nothing',
      consequence: `it never fires, whatever happens: ${alert.feels}`,
    }),
  ];
}

/** It is the alert on others that read what nothing writes, and fires then. */
const TELLS_OF_BLIND = 'AlertBlind';

/** What Prometheus itself says of every target. */
const OF_PROMETHEUS = 'up';

/** What an alert is made of that no code writes; of engines and probes nothing is known here. */
function unwritten(
  emits: Comparison['head']['emits'],
  { watches }: DeclaredAlert,
): readonly string[] {
  return watches
    .filter(({ metric, of }) => metric !== OF_PROMETHEUS && emits[of]?.includes(metric) === false)
    .map(({ metric, of }) => `${metric} of ${of}`);
}

/** Any stack's: of two graphs it is asked what differs between them, and of one alone nothing. */
const RULE_SETTINGS = { certificateLifetimeSeconds: 3_600 };

/** Alerts that ask something else by the judge's own rules too: the graphs say why, and findings of those tell it. */
function explainedAsks(base: LandedGraph, head: LandedGraph): ReadonlySet<string> {
  const [before, after] = [asksOf(base), asksOf(head)];
  return new Set([...after.keys()].filter((key) => before.get(key) !== after.get(key)));
}

/** What each alert asks, with all that is recorded for it. */
const asksOf = rememberedOf((graph: LandedGraph): ReadonlyMap<string, string> => {
  const { alerts, groups } = platformRules(graph, RULE_SETTINGS);
  return new Map(
    alerts.flatMap(({ name, of }) =>
      of.map(({ service, firing, value }) => {
        const read = rulesReadBy({ groups }, { records: [...firing.records, ...value.records] });
        const texts = [firing, value, ...read.map(({ query }) => query)];
        return [keyOf({ name, service }), texts.map((query) => textOf(query, 1)).join('\n')];
      }),
    ),
  );
});

interface ChangedAlert {
  readonly property: string;
  readonly before?: string;
  readonly after?: string;
  readonly consequence: string;
}

function changed(
  { name, service }: DeclaredAlert,
  kind: Finding['kind'],
  given: ChangedAlert,
): Finding {
  return ofMember(`service ${service}`, 'alerts', {
    kind,
    subject: `${name} of ${service}`,
    among: 'alerts',
    word: name,
    ...given,
  });
}

function words(alert: DeclaredAlert, property: string, before: string, after: string): Finding {
  return changed(alert, 'words-changed', {
    ...{ property, before, after },
    consequence: 'whoever it tells reads something else',
  });
}
