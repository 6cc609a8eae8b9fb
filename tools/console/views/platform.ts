import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { promql, series, UP } from '@meridian/components/observability/rules/promql.ts';
import { StoreAway } from '../server/sources.ts';
import type { LogLine, MetricSource, Sample, Sources } from '../server/sources.ts';
import { declaredNodes } from './declared-edges.ts';
import { edgeQueries, isMeasured, MEASURED, text, WINDOW } from './edge-queries.ts';
import type { MeasuredKind } from './edge-queries.ts';
import { edgeViews } from './edge-states.ts';
import type { EdgeAnswers } from './edge-states.ts';
import { withRoles } from './first-failure.ts';
import { onset } from './onset.ts';
import type { EdgeView, NodeView, PlatformView, StoreView } from './platform-view.ts';

/** How far back the beginning of a failure is looked for. */
const LOOK_BACK_SECONDS = 3_600;
const STEP_SECONDS = 15;

/** A share of errors from which on an edge counts as failing, when its beginning is looked for. */
const FAILS_ABOVE = 0.01;

/** What of the platform is asked for. */
export interface PlatformQuestion {
  readonly graph: PlatformGraph;
  readonly sources: Sources;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** How the stores are, as far as the console has asked them. */
  readonly stores: () => readonly StoreView[];
}

/** Asks the stores for what was seen of every edge. A store that is away is told, and throws nothing. */
export async function platformView(question: PlatformQuestion): Promise<PlatformView> {
  const { graph, sources, nowMs } = question;
  const sinceMs = nowMs - WINDOW.seconds * 1_000;
  const [answers, up, refusals] = await Promise.all([
    unlessAway(askEdges(sources.metrics)),
    unlessAway(sources.metrics.now(text(seenByJob))),
    unlessAway(sources.logs.refusals(sinceMs)),
  ]);
  const asked = answers === undefined || up?.length === 0 ? undefined : answers;
  const edges = await Promise.all(
    edgeViews(graph, asked, refusals ?? noLines).map((edge) => withOnset(edge, sources, nowMs)),
  );
  const told = withRoles(edges);
  return {
    ...{ atMs: nowMs, windowSeconds: WINDOW.seconds, nodes: nodeViews(graph, up ?? []) },
    ...told,
    stores: question.stores(),
    state: stateOf(answers !== undefined, up ?? [], told),
  };
}

const noLines: readonly LogLine[] = [];

/** How many processes of each job answer; 0 where all are away. */
const seenByJob = promql`sum by (job) (${series(UP)})`;

async function askEdges(metrics: MetricSource): Promise<EdgeAnswers> {
  const kinds = MEASURED.map(async (kind) => [kind, await askKind(metrics, kind)] as const);
  return Object.fromEntries(await Promise.all(kinds)) as Record<
    MeasuredKind,
    EdgeAnswers[MeasuredKind]
  >;
}

async function askKind(
  metrics: MetricSource,
  kind: MeasuredKind,
): Promise<EdgeAnswers[MeasuredKind]> {
  const { rate, failed, slowest, ever } = edgeQueries(kind);
  const [rates, failures, slow, all] = await Promise.all(
    [rate, failed, slowest, ever].map((query) => metrics.now(text(query))),
  );
  return { rate: rates ?? [], failed: failures ?? [], slowest: slow ?? [], ever: all ?? [] };
}

/** When a failing edge began to fail. */
async function withOnset(edge: EdgeView, { metrics }: Sources, nowMs: number): Promise<EdgeView> {
  if (edge.failing === null || !isMeasured(edge.kind)) return edge;
  const isErrors = edge.failing === 'errors';
  const limit = isErrors ? FAILS_ABOVE : edge.limitSeconds;
  const { query } = isErrors ? edge.errors : edge.slowest;
  const endSeconds = Math.floor(nowMs / 1_000 / STEP_SECONDS) * STEP_SECONDS;
  const range = {
    startSeconds: endSeconds - LOOK_BACK_SECONDS,
    endSeconds,
    stepSeconds: STEP_SECONDS,
  };
  const points = await unlessAway(metrics.over(query, range));
  return { ...edge, sinceMs: onset(points ?? [], (value) => value > limit) };
}

function nodeViews(graph: PlatformGraph, up: readonly Sample[]): readonly NodeView[] {
  const counts = new Map(up.map(({ labels, value }) => [labels['job'] ?? '', value]));
  return declaredNodes(graph).map((node) => {
    if (node.job === null) return { ...node, up: { value: null, query: '' }, state: 'unseen' };
    const value = counts.get(node.job) ?? null;
    const query = text(promql`sum(${series(UP, { job: node.job })})`);
    const state = value === null ? 'unseen' : value > 0 ? 'up' : 'away';
    return { ...node, up: { value, query }, state };
  });
}

function stateOf(
  isThere: boolean,
  up: readonly Sample[],
  { edges, first }: { readonly edges: readonly EdgeView[]; readonly first: string | null },
): PlatformView['state'] {
  if (!isThere) return 'away';
  if (up.length === 0) return 'starting';
  if (first !== null) return 'failing';
  return edges.some(({ state }) => state === 'seen') ? 'well' : 'quiet';
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
