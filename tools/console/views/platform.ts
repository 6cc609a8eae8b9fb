import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { ALERT } from '@meridian/components/observability/rules/alert.ts';
import { promql, recorded, series, UP } from '@meridian/components/observability/rules/promql.ts';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { askSnapshot } from '../../telemetry/explain/ask-snapshot.ts';
import { declaredNodes } from '../../telemetry/explain/declared-edges.ts';
import { text, WINDOW } from '../../telemetry/explain/edge-queries.ts';
import type { PlatformNode, Role } from '../../telemetry/explain/edge-view.ts';
import { explain } from '../../telemetry/explain/explain.ts';
import type { Explanation } from '../../telemetry/explain/explain.ts';
import { lastOf } from '../../telemetry/explain/snapshot.ts';
import type { ExplainLimits, MetricsSnapshot } from '../../telemetry/explain/snapshot.ts';
import { StoreAway } from '../server/sources.ts';
import type { Series, Sources } from '../server/sources.ts';
import { slowerEdge } from './slower-edge.ts';
import type { NodeView, PlatformView, StoreView } from './platform-view.ts';

/** Alerts that fire, once for each that they are about. */
const FIRING = promql`max by (alert, service) (${recorded(ALERT)}) == 1`;

/** What of the platform is asked for. */
export interface PlatformQuestion {
  readonly graph: PlatformGraph;
  readonly sources: Sources;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly limits: ExplainLimits;
  /** How the stores are, as far as the console has asked them. */
  readonly stores: () => readonly StoreView[];
}

/**
 * Asks the stores for what was seen of every edge, and says what broke first as `meridian explain` does, but for traces and
 * lines, which would be asked for again and again. A store that is away is told, and throws nothing.
 */
export async function platformView(question: PlatformQuestion): Promise<PlatformView> {
  const { graph, sources, nowMs, limits } = question;
  const { metrics, logs } = sources;
  const asked = {
    metrics: {
      now: (query: string) => unlessAway(metrics.now(query)),
      over: (query: string, range: Parameters<typeof metrics.over>[1]) =>
        unlessAway(metrics.over(query, range)),
    },
    traces: () => Promise.resolve([]),
    errorLines: () => Promise.resolve([]),
    refusals: (sinceMs: number) => unlessAway(logs.refusals(sinceMs)),
  };
  const [snapshot, alerts = []] = await Promise.all([
    askSnapshot(graph, asked, nowMs),
    unlessAway(metrics.now(text(FIRING))),
  ]);
  const { state, first, follows, others, edges } = explain(graph, snapshot, limits);
  return {
    ...{ atMs: nowMs, windowSeconds: WINDOW.seconds, state, edges, first, follows, others },
    slower: slowerEdge(edges)?.id ?? null,
    firing: alerts
      .map(({ labels }) => ({ alert: labels['alert'] ?? '', about: labels['service'] ?? '' }))
      .toSorted((one, other) => one.alert.localeCompare(other.alert)),
    stores: question.stores(),
    nodes: declaredNodes(graph).map((node) => ({
      ...nodeView(node, snapshot.metrics, nowMs),
      role: roleOf(node, { first, follows }),
    })),
  };
}

function nodeView(
  node: PlatformNode,
  metrics: MetricsSnapshot | undefined,
  nowMs: number,
): Omit<NodeView, 'role'> {
  const { job, kind } = node;
  if (job === null) return { ...node, up: { value: null, query: '' }, state: 'unseen' };
  const isService = kind === 'service';
  const processes = isService
    ? ofLabel(metrics?.up, 'job', job)
    : ofLabel(metrics?.engines, 'engine', job);
  const query = isService
    ? promql`sum(${series(UP, { job })})`
    : promql`sum(${series(METRIC_REGISTRY.engineUp, { engine: job })})`;
  const known = processes.flatMap((process) => lastOf(process, nowMs) ?? []);
  const count = known.filter((value) => value === 1).length;
  const state = known.length === 0 ? 'unseen' : count > 0 ? 'up' : 'away';
  return { ...node, up: { value: known.length === 0 ? null : count, query: text(query) }, state };
}

function ofLabel(
  all: readonly Series[] | undefined,
  label: string,
  value: string,
): readonly Series[] {
  return (all ?? []).filter(({ labels }) => labels[label] === value);
}

function roleOf({ id }: PlatformNode, told: Pick<Explanation, 'first' | 'follows'>): Role {
  if (told.first?.id === id) return 'first';
  return told.follows.some((each) => each.id === id) ? 'after' : 'other';
}

/** Undefined where the store is away. */
export async function unlessAway<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StoreAway) return undefined;
    throw error;
  }
}
