import type { ServiceNode } from '@meridian/components/model/graph.ts';
import type { Finding } from '../finding.ts';
import { listed, matched, ofMember } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { declaredAlertFindings } from './declared-alerts.ts';
import { compareMembers, toldBy, unknownChange } from './members.ts';
import type { Comparators } from './members.ts';
import { methodFindings } from './methods.ts';
import { objectiveFindings } from './objectives.ts';
import { limitFindings, rateLimitFindings, scaleFindings } from './scale.ts';

interface OfService {
  readonly name: string;
  readonly comparison: Comparison;
}

const SERVICE: Comparators<ServiceNode, OfService> = {
  name: toldBy('the pairing of services by their names'),
  summary: (before, after, { name }) => [
    service(name, 'summary', {
      kind: 'words-changed',
      ...{ property: 'summary', before, after },
      consequence: 'people read something else of it',
    }),
  ],
  owner: (before, after, { name }) => [
    service(name, 'owner', {
      kind: 'alert-changed',
      ...{ property: 'who is on call', before, after },
      consequence: `its alerts wake ${after}`,
    }),
  ],
  slot: (before, after, { name }) => [
    service(name, 'slot', {
      kind: 'service-restarted',
      ...{ property: 'slot', before: String(before), after: String(after) },
      consequence: 'its replicas get other addresses where they share a machine',
    }),
  ],
  contract: (before, after, { name }) => [
    service(name, 'contract', {
      kind: 'contract-broken',
      ...{ property: 'contract', before: before ?? 'none', after: after ?? 'none' },
      consequence: 'every caller that is deployed calls by its former name',
    }),
  ],
  methods: (before, after, { name, comparison }) => methodFindings(name, before, after, comparison),
  exposure: (before, after, { name }) => {
    if (before === 'edge' || after === 'edge') {
      const node = { declaration: `service ${name}`, subject: name, among: 'services' };
      return [{ ...unknownChange(node, 'exposure', before, after), kind: 'trust-changed' }];
    }
    return [
      service(name, 'exposure', {
        kind: after === 'public' ? 'network-opened' : 'network-closed',
        ...{ property: 'exposure', before, after },
        consequence:
          after === 'public'
            ? 'the edge leads to it by every route of its contract'
            : 'the edge leads to it no more',
      }),
    ];
  },
  scale: (before, after, { name, comparison: { head } }) =>
    scaleFindings({ name, zones: head.graph.zones.length, scales: [before, after] }),
  limits: (before, after, { name }) => limitFindings(name, before, after),
  rateLimits: (before, after, { name }) => rateLimitFindings(name, before, after),
  objectives: (before, after, { name }) => objectiveFindings(name, before, after),
  alerts: (before, after, { name }) => declaredAlertFindings(name, before, after),
  stores: toldBy('stores'),
  signs: (before, after, { name }) => [
    service(name, 'signs', {
      kind: 'trust-changed',
      property: 'signs',
      before: before.length === 0 ? 'nothing' : before.join(', '),
      after: after.length === 0 ? 'nothing' : after.join(', '),
      consequence: 'another key says what others believe',
    }),
  ],
  // What is not implemented is not landed.
  implemented: toldBy('services that come and go'),
};

/** Services that come, go and change; their stores, calls, topics and alerts are told as such. */
export function serviceFindings(comparison: Comparison): readonly Finding[] {
  const { base, head } = comparison;
  const { gone, come, both } = matched(
    base.graph.services,
    head.graph.services,
    ({ name }) => name,
  );
  return [
    ...gone.map(({ name, summary }) => {
      const callers = base.graph.calls.filter(({ to }) => to === name).map(({ from }) => from);
      return service(name, 'name', {
        kind: 'service-removed',
        before: summary,
        after: 'none',
        consequence:
          callers.length === 0
            ? 'whatever it did is done by nobody'
            : `${listed(callers)} called it as long as they are not replaced`,
      });
    }),
    ...come.map(({ name, summary }) =>
      service(name, 'name', { kind: 'service-added', consequence: summary }),
    ),
    ...both.flatMap(([old, now]) =>
      compareMembers(SERVICE, old, now, {
        context: { name: now.name, comparison },
        node: { declaration: `service ${now.name}`, subject: now.name, among: 'services' },
      }),
    ),
  ];
}

function service(
  name: string,
  member: string,
  finding: Pick<Finding, 'kind' | 'property' | 'before' | 'after' | 'consequence'>,
): Finding {
  const word = member === 'name' ? name : member;
  return ofMember(`service ${name}`, member, {
    ...finding,
    ...{ subject: name, among: 'services', word },
  });
}
