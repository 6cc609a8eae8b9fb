import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { textOf } from '@meridian/components/observability/rules/promql.ts';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import type { DeclaredGraphs } from './declared-graphs.ts';

/** Expressions of rules by what they record, as recordsIn names it. */
type DeclaredRules = ReadonlyMap<string, string>;

/** Any stack's: of two graphs it is asked what differs between them, and of one alone nothing. */
const RULE_SETTINGS = { certificateLifetimeSeconds: 3_600 };

/** Whether a rule is another, new or gone just as what is declared has it, by the judge's own rules. */
export type FollowsFromGraphs = (
  key: string,
  before: string | undefined,
  after: string | undefined,
) => boolean;

/** Holds rules against what both revisions say that they declare; where they say nothing, nothing follows from it. */
export function followsFromGraphs(declared: DeclaredGraphs | undefined): FollowsFromGraphs {
  if (declared === undefined) return () => false;
  return (key, before, after) => {
    const [was, is] = [rulesOf(declared.base).get(key), rulesOf(declared.head).get(key)];
    return was !== is && was === before && is === after;
  };
}

/** A graph is asked for each of its rules. */
const RULES = new WeakMap<LandedGraph, DeclaredRules>();

function rulesOf(graph: LandedGraph): DeclaredRules {
  const known = RULES.get(graph) ?? madeOf(graph);
  RULES.set(graph, known);
  return known;
}

function madeOf(graph: LandedGraph): DeclaredRules {
  return new Map(
    platformRules(graph, RULE_SETTINGS).groups.flatMap(({ rules }) =>
      rules.map(({ record, query, labels = {} }) => [
        `${record} ${JSON.stringify(labels)}`,
        textOf(query, 1),
      ]),
    ),
  );
}
