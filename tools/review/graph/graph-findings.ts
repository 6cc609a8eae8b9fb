import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { compareText } from '@meridian/components/model/order.ts';
import type { DeclaredPlatform } from '../../../infra/declared-file.ts';
import type { Finding } from '../finding.ts';
import { accessCellFindings } from './access-cells.ts';
import { callFindings } from './calls.ts';
import type { Comparison } from './comparison.ts';
import { contractFindings } from './contracts.ts';
import { derivedFindings } from './derived.ts';
import { isSame } from './is-same.ts';
import { externalFindings } from './externals.ts';
import { compareMembers, toldBy } from './members.ts';
import type { Comparators } from './members.ts';
import { planFindings } from './plans.ts';
import { reachFindings } from './reach-findings.ts';
import { serviceFindings } from './services.ts';
import { stackAlertFindings } from './stack-alerts.ts';
import { storeFindings } from './stores.ts';
import { taskFindings } from './tasks.ts';
import { topicFindings } from './topics.ts';
import { zoneFindings } from './zones.ts';

/**
 * What a change does, by what both revisions declare: a comparator for every member of the graph and of what comes with
 * it, and an unknown change for every other. Pure; sorted by kind and subject.
 */
export function graphFindings(base: DeclaredPlatform, head: DeclaredPlatform): readonly Finding[] {
  const context = { base, head };
  const node = { declaration: stackOf(head), subject: head.graph.name, among: 'platforms' };
  return compareMembers(PLATFORM, base, head, { context, node }).toSorted(
    (one, other) => compareText(one.kind, other.kind) || compareText(one.subject, other.subject),
  );
}

const GRAPH: Comparators<LandedGraph, Comparison> = {
  name: (before, after, { head }) => identity(head, 'name', before, after),
  namespace: toldBy('the name of the platform, which it is'),
  trustDomain: (before, after, { head }) => identity(head, 'trustDomain', before, after),
  zones: (before, after, { head }) => zoneFindings(before, after, stackOf(head)),
  databasePool: (before, after, { head }) => [
    {
      kind: 'limits-changed',
      ...{ subject: head.graph.name, among: 'platforms', property: 'connections of a pool' },
      ...{ before: String(before), after: String(after) },
      consequence: 'every service asks its database by so many at once, so that all fit in',
    },
  ],
  services: (_before, _after, comparison) => [
    ...serviceFindings(comparison),
    ...storeFindings(comparison),
  ],
  tasks: (_before, _after, comparison) => taskFindings(comparison),
  calls: toldBy('calls, which are compared whether services changed or not'),
  topics: (_before, _after, comparison) => topicFindings(comparison),
  externals: (_before, _after, comparison) => externalFindings(comparison),
  allow: (_before, _after, comparison) => derivedFindings(comparison, 'allow'),
  entries: (_before, _after, comparison) => derivedFindings(comparison, 'entries'),
  declared: (_before, _after, { base, head }) => planFindings(base.graph, head.graph),
};

const PLATFORM: Comparators<DeclaredPlatform, Comparison> = {
  graph: (before, after, comparison) => [
    ...compareMembers(GRAPH, before, after, {
      context: comparison,
      node: { declaration: stackOf(comparison.head), subject: after.name, among: 'platforms' },
    }),
    ...reachFindings(comparison),
    ...callFindings(comparison),
  ],
  contracts: (_before, _after, comparison) => contractFindings(comparison),
  access: (_before, _after, comparison) => accessCellFindings(comparison),
  alerts: (_before, _after, comparison) => stackAlertFindings(comparison),
  emits: (_before, _after, comparison) => blindedAlone(comparison),
  // Beside what is declared: a declaration that stands elsewhere is the same.
  positions: toldBy('nothing: it is where things stand'),
};

/** Where no alert changed itself, what its services write may have. */
function blindedAlone(comparison: Comparison): readonly Finding[] {
  const { base, head } = comparison;
  return isSame(base.alerts, head.alerts) ? stackAlertFindings(comparison) : [];
}

/** The stack that a program was run for, as a reference. */
function stackOf({ positions }: DeclaredPlatform): string {
  return Object.keys(positions).find((name) => name.startsWith('stack ')) ?? 'stack';
}

function identity(
  head: DeclaredPlatform,
  member: 'name' | 'trustDomain',
  before: string,
  after: string,
): readonly Finding[] {
  return [
    {
      kind: 'trust-changed',
      subject: head.graph.name,
      among: 'platforms',
      property: member === 'name' ? 'name' : 'trust domain',
      before,
      after,
      consequence: 'every identity has another name: who has the former one is a stranger',
      from: { declaration: stackOf(head), member, word: after },
    },
  ];
}
