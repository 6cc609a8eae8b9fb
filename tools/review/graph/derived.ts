import { allowListOf } from '@meridian/components/model/allow-list.ts';
import { entryPathsOf } from '@meridian/components/model/entry-paths.ts';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import type { Finding } from '../finding.ts';
import { isSame } from './is-same.ts';
import type { Comparison } from './comparison.ts';
import { unknownChange } from './members.ts';

/** What of a graph follows from the rest, by the judge's own derivation. */
const DERIVED = {
  allow: (graph: LandedGraph) =>
    Object.fromEntries(graph.services.map((one) => [one.name, allowListOf(one, graph.calls)])),
  entries: ({ services, calls }: LandedGraph) =>
    Object.fromEntries(services.map((one) => [one.name, entryPathsOf(one, services, calls)])),
} as const;

/**
 * What the head says of who may call and by which entries, where it is not what its own calls and routes say: findings of
 * those would not tell it. Nothing where the base said the same already.
 */
export function derivedFindings(
  { base, head }: Comparison,
  member: keyof typeof DERIVED,
): readonly Finding[] {
  const derived = DERIVED[member](head.graph);
  const names = new Set([...Object.keys(derived), ...Object.keys(head.graph[member])]);
  return [...names].toSorted().flatMap((name) => {
    const [old, now] = [base.graph[member][name], head.graph[member][name]];
    if (isSame(now, derived[name]) || isSame(now, old)) return [];
    const node = { declaration: `service ${name}`, subject: name, among: 'services' };
    return [
      {
        ...unknownChange(node, member, old, now),
        kind: 'writer-added',
        consequence: 'it lets in whom no declared call names',
      },
    ];
  });
}
