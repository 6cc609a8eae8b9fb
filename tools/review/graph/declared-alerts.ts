import type { AlertNode } from '@meridian/components/model/alert.ts';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { Finding } from '../finding.ts';
import { matched, ofMember } from './comparison.ts';
import { compareMembers, toldBy } from './members.ts';
import type { Comparators } from './members.ts';

/** Whose alert it is. */
interface Watched {
  readonly service: string;
  readonly alert: AlertNode;
}

/** What the alerts of a stack say of themselves is told there; this is what only a declaration says. */
const ALERT: Comparators<AlertNode, Watched> = {
  name: toldBy('the pairing of alerts by their names'),
  feels: toldBy('alerts of the stack'),
  runbook: toldBy('alerts of the stack'),
  severity: toldBy('alerts of the stack'),
  above: toldBy('alerts of the stack'),
  metric: (before, after, watched) => [
    alert(watched, 'metric', {
      ...{ property: 'what it reads', before, after, isLooser: true },
      consequence: 'what it watched before is watched by nobody',
    }),
  ],
  minutes: (before, after, watched) => {
    // A gauge has to be above for so long; of a counter all that happened within so long is counted.
    const isLooser = isCounter(watched.alert) ? after < before : after > before;
    return [
      alert(watched, 'minutes', {
        ...{ property: 'minutes', before: String(before), after: String(after), isLooser },
        consequence: isLooser ? 'it fires later, or for more alone' : 'it fires sooner',
      }),
    ];
  },
  needsEvents: (before, after, watched) => [
    alert(watched, 'needsEvents', {
      ...{
        property: 'needs events',
        before: String(before),
        after: String(after),
        isLooser: after,
      },
      consequence: after
        ? 'it says nothing while an event waits to be published'
        : 'it fires while events wait to be published',
    }),
  ],
};

/** What changed of the alerts that a service declares; those that come and go are told as alerts of the stack. */
export function declaredAlertFindings(
  service: string,
  before: readonly AlertNode[],
  after: readonly AlertNode[],
): readonly Finding[] {
  return matched(before, after, ({ name }) => name).both.flatMap(([old, now]) =>
    compareMembers(ALERT, old, now, {
      context: { service, alert: now },
      node: { declaration: `service ${service}`, subject: now.name, among: 'alerts' },
    }),
  );
}

function isCounter({ metric }: AlertNode): boolean {
  return Object.values(METRIC_REGISTRY).some(
    ({ name, kind }) => name === metric && kind === 'counter',
  );
}

interface ChangedAlert {
  readonly property: string;
  readonly before: string;
  readonly after: string;
  readonly isLooser: boolean;
  readonly consequence: string;
}

function alert(
  { service, alert: { name } }: Watched,
  word: string,
  { isLooser, ...given }: ChangedAlert,
): Finding {
  return ofMember(`service ${service}`, 'alerts', {
    kind: isLooser ? 'alert-loosened' : 'alert-changed',
    subject: name,
    among: 'alerts',
    word,
    ...given,
  });
}
