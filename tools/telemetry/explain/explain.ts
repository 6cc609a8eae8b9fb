import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { withOnset } from './ask-snapshot.ts';
import { causesAmong } from './causes.ts';
import { edgeFindings, engineFindings, withLocks } from './edge-findings.ts';
import { edgeViews } from './edge-states.ts';
import type { EdgeView } from './edge-view.ts';
import { finding, merged } from './finding.ts';
import type { Evidence, Finding } from './finding.ts';
import { presenceFindings } from './presence.ts';
import { certificateFindings, serviceFindings } from './service-findings.ts';
import { FRESH_SECONDS, isSeen, lastOf } from './snapshot.ts';
import type { ExplainLimits, MetricsSnapshot, Snapshot } from './snapshot.ts';
import { blamedByTraces } from './trace-blame.ts';
import type { Blamed } from './trace-blame.ts';

/**
 * `starting`: nothing was ever fetched; `away`: the store of metrics does not answer; `stale`: it does, and has seen
 * nothing of any service lately; `quiet`: nothing fails, and nobody asks for anything.
 */
export type ExplanationState = 'starting' | 'away' | 'stale' | 'quiet' | 'well' | 'failing';

/** What broke first, and what of all else that fails follows from it. */
export interface Explanation {
  readonly atMs: number;
  readonly state: ExplanationState;
  readonly first: Finding | null;
  /** What fails because of it. */
  readonly follows: readonly Finding[];
  /** What is wrong besides, what explains most first. */
  readonly others: readonly Finding[];
  /** A trace in which the error began there, or time was spent; null where none is known. */
  readonly exampleTraceId: string | null;
  /** What could not be looked at, in sentences. */
  readonly unknown: readonly string[];
  readonly edges: readonly EdgeView[];
}

/** Says what broke first: what nothing that is broken explains, of several what explains most. Pure. */
export function explain(
  graph: PlatformGraph,
  snapshot: Snapshot,
  limits: ExplainLimits,
): Explanation {
  const { atMs, metrics, refusals } = snapshot;
  const isKnown = metrics !== undefined && metrics.up.length > 0;
  const asked = edgeViews(graph, isKnown ? metrics.edges : undefined, refusals);
  const edges = metrics === undefined ? asked : judged(asked, metrics, atMs);
  const unknown = unknownOf(snapshot);
  const nothing = { first: null, follows: [], others: [], exampleTraceId: null };
  const state = blindness(graph, metrics, atMs);
  if (metrics === undefined || state !== undefined) {
    return { atMs, ...nothing, state: state ?? 'away', unknown, edges };
  }
  const found = findingsOf(graph, metrics, edges, atMs, limits);
  const blamed = blamedByTraces(graph, snapshot.traces ?? []);
  const ranked = rankedFindings(found, edges);
  const [first] = ranked.roots;
  if (first === undefined) {
    const isQuiet = edges.every((edge) => edge.state !== 'seen');
    return { atMs, ...nothing, state: isQuiet ? 'quiet' : 'well', unknown, edges };
  }
  const follows = ranked.effectsOf(first);
  const others = [...ranked.roots, ...found].filter(
    (each, position, all) =>
      each !== first && !follows.includes(each) && all.indexOf(each) === position,
  );
  const told = withTraces(first, blamed, snapshot);
  return {
    ...{ atMs, state: 'failing', unknown, first: told, follows, others },
    exampleTraceId: exampleOf(first, follows, blamed),
    edges: withRoles(edges, first, follows),
  };
}

function judged(
  edges: readonly EdgeView[],
  metrics: MetricsSnapshot,
  atMs: number,
): readonly EdgeView[] {
  const since = edges.map((edge) => withOnset(edge, metrics));
  return withLocks(since, metrics, atMs);
}

/** Where nothing is seen of any service, what looks is away, and not what it looks at. */
function blindness(
  { services }: PlatformGraph,
  metrics: MetricsSnapshot | undefined,
  atMs: number,
): ExplanationState | undefined {
  if (metrics === undefined) return 'away';
  if (metrics.ageSeconds === undefined) return 'starting';
  const own = metrics.up.filter(({ labels }) =>
    services.some(({ name }) => name === labels['job']),
  );
  const isBlind = metrics.ageSeconds > FRESH_SECONDS || !own.some((each) => isSeen(each, atMs));
  return isBlind ? 'stale' : undefined;
}

function unknownOf({ metrics, traces, errorLines, atMs }: Snapshot): readonly string[] {
  const engines = metrics?.engines.filter((each) => lastOf(each, atMs) !== undefined) ?? [];
  return [
    ...(metrics === undefined ? ['The store of metrics does not answer'] : []),
    ...(metrics !== undefined && engines.length === 0
      ? ['Nobody asks engines how they are (engine_up is not there)']
      : []),
    ...(traces === undefined ? ['The store of traces does not answer'] : []),
    ...(errorLines === undefined ? ['The store of logs does not answer'] : []),
  ];
}

function findingsOf(
  graph: PlatformGraph,
  metrics: MetricsSnapshot,
  edges: readonly EdgeView[],
  atMs: number,
  limits: ExplainLimits,
): readonly Finding[] {
  return merged([
    ...presenceFindings(graph, metrics, atMs, limits),
    ...edgeFindings(edges, metrics, atMs),
    ...engineFindings(edges),
    ...serviceFindings(graph, edges),
    ...certificateFindings(metrics, atMs, limits),
  ]);
}

interface Ranked {
  /** What nothing else explains, what explains most first. */
  readonly roots: readonly Finding[];
  /** What a finding explains, what fails most first. */
  readonly effectsOf: (cause: Finding) => readonly Finding[];
}

function rankedFindings(findings: readonly Finding[], edges: readonly EdgeView[]): Ranked {
  const causes = causesAmong(findings, edges);
  const effectsOf = (cause: Finding): readonly Finding[] =>
    findings
      .filter((effect) => causes(effect).includes(cause))
      .toSorted((one, other) => other.weight - one.weight);
  const alone = findings.filter((each) => causes(each).length === 0);
  // A ring of services that wait for each other has no first; then weight and time alone tell.
  const roots = (alone.length === 0 ? findings : alone)
    .map((root, _, all) => ({
      root,
      weight: root.weight + explained(root, effectsOf(root), causes, all),
    }))
    .toSorted(
      (one, other) =>
        other.weight - one.weight || (one.root.sinceMs ?? 0) - (other.root.sinceMs ?? 0),
    );
  return { roots: roots.map(({ root }) => root), effectsOf };
}

/** How much of what fails a cause explains; what several could have caused is shared among them, as each fails. */
function explained(
  by: Finding,
  effects: readonly Finding[],
  causes: (effect: Finding) => readonly Finding[],
  roots: readonly Finding[],
): number {
  return effects.reduce((sum, effect) => {
    const possible = causes(effect).filter((cause) => roots.includes(cause));
    const all = possible.reduce((total, { weight }) => total + weight, 0);
    return sum + (effect.weight * by.weight) / Math.max(all, by.weight);
  }, 0);
}

/** What broke first with what traces and lines say of it. */
function withTraces(first: Finding, blamed: readonly Blamed[], snapshot: Snapshot): Finding {
  const all = blamed.reduce((sum, { traces }) => sum + traces, 0);
  const own = blamed.filter(({ id }) => isOf(first, id));
  const traces = own.reduce((sum, each) => sum + each.traces, 0);
  const lines = (snapshot.errorLines ?? []).filter(({ service }) => isOf(first, service));
  const [example] = own;
  const [line] = lines;
  const more: readonly Evidence[] = [
    ...(example === undefined
      ? []
      : [
          {
            kind: 'traces' as const,
            says: `${traces} of ${all} traces that failed or were slow began or waited there`,
            ...{ sinceMs: null, query: `npm run trace -- ${example.example}` },
          },
        ]),
    ...(line === undefined
      ? []
      : [
          {
            kind: 'lines' as const,
            says: `${lines.length} lines at level error, such as '${line.message}'`,
            ...{ sinceMs: null, query: `npm run logs -- --service ${line.service} --level error` },
          },
        ]),
  ];
  return { ...finding(first, [...first.evidence, ...more]), sinceMs: first.sinceMs };
}

/** Whether an edge or a service is what a finding is about, or leads there. */
function isOf({ id, kind }: Finding, blamed: string): boolean {
  if (blamed === id) return true;
  const [from = '', to] = blamed.split('>');
  if (kind === 'edge') return to === undefined && id.split('>')[0] === from;
  return kind !== 'zone' && to === id;
}

function exampleOf(
  first: Finding,
  follows: readonly Finding[],
  blamed: readonly Blamed[],
): string | null {
  const own = blamed.find(({ id }) => isOf(first, id));
  const next = blamed.find(({ id }) => follows.some((each) => isOf(each, id)));
  return (own ?? next)?.example ?? null;
}

function withRoles(
  edges: readonly EdgeView[],
  first: Finding,
  follows: readonly Finding[],
): readonly EdgeView[] {
  const after = new Set(follows.map(({ id }) => id));
  return edges.map((edge) => {
    if (edge.id === first.id) return { ...edge, role: 'first' };
    return after.has(edge.id) ? { ...edge, role: 'after' } : edge;
  });
}
