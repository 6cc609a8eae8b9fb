import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { Query } from '@meridian/components/observability/rules/promql.ts';
import type { Sample, Series } from '../stores/prometheus.ts';
import type { EdgeAnswers } from './edge-answers.ts';
import { askedQueries, MEASURED, NUMBERS, text } from './edge-queries.ts';
import type { MeasuredKind } from './edge-queries.ts';
import { edgeViews } from './edge-states.ts';
import type { Refusal } from './edge-states.ts';
import type { EdgeView } from './edge-view.ts';
import { onset } from './onset.ts';
import { AGE, bounds, OVER_TIME } from './snapshot-queries.ts';
import type { MetricsSnapshot, Snapshot } from './snapshot.ts';

/** A span of time, looked at in steps. */
export interface TimeRange {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly stepSeconds: number;
}

/** What the platform is explained from; each answer is undefined where its store is away. */
export interface ExplainSources {
  readonly metrics: {
    readonly now: (query: string) => Promise<readonly Sample[] | undefined>;
    readonly over: (query: string, range: TimeRange) => Promise<readonly Series[] | undefined>;
  };
  /** Traces that failed or were slow since a moment. */
  readonly traces: (sinceMs: number) => Promise<Snapshot['traces']>;
  readonly errorLines: (sinceMs: number) => Promise<Snapshot['errorLines']>;
  readonly refusals: (sinceMs: number) => Promise<readonly Refusal[] | undefined>;
}

/** How far back the beginning of a failure is looked for. */
const LOOK_BACK_SECONDS = 3_600;
const STEP_SECONDS = 10;

/** Traces and lines are of as long as it takes until they are kept, and a minute. */
const LATELY_MS = 120_000;

/** Asks the stores for all that an explanation is made from. */
export async function askSnapshot(
  graph: PlatformGraph,
  sources: ExplainSources,
  atMs: number,
): Promise<Snapshot> {
  const sinceMs = atMs - LATELY_MS;
  const [metrics, traces, errorLines, refusals] = await Promise.all([
    askMetrics(graph, sources.metrics, atMs),
    sources.traces(sinceMs),
    sources.errorLines(sinceMs),
    sources.refusals(sinceMs),
  ]);
  return { atMs, metrics, traces, errorLines, refusals: refusals ?? [] };
}

async function askMetrics(
  graph: PlatformGraph,
  { now, over }: ExplainSources['metrics'],
  atMs: number,
): Promise<MetricsSnapshot | undefined> {
  const endSeconds = Math.floor(atMs / 1_000);
  const range = {
    ...{ startSeconds: endSeconds - LOOK_BACK_SECONDS, endSeconds, stepSeconds: STEP_SECONDS },
  };
  const [edges, age, overTime] = await Promise.all([
    askEdges(graph, now),
    now(text(AGE)),
    askOverTime((query) => over(text(query), range)),
  ]);
  if (edges === undefined || age === undefined || overTime === undefined) return undefined;
  const failing = edgeViews(graph, edges, []).filter((edge) => edge.failing !== null);
  const onsets = await Promise.all(
    failing.map(async (edge) => [edge.id, (await over(failsBy(edge), range)) ?? []] as const),
  );
  return { edges, onsets: Object.fromEntries(onsets), ageSeconds: age[0]?.value, ...overTime };
}

type OverTime = Readonly<Record<keyof typeof OVER_TIME, readonly Series[]>>;

/** Undefined where the store did not say whether anything is up. */
async function askOverTime(
  ask: (query: Query) => Promise<readonly Series[] | undefined>,
): Promise<OverTime | undefined> {
  const answers = await Promise.all(
    Object.entries(OVER_TIME).map(async ([part, query]) => [part, await ask(query)] as const),
  );
  if (answers.some(([part, answer]) => part === 'up' && answer === undefined)) return undefined;
  return Object.fromEntries(answers.map(([part, answer]) => [part, answer ?? []])) as OverTime;
}

async function askEdges(
  graph: PlatformGraph,
  now: ExplainSources['metrics']['now'],
): Promise<EdgeAnswers | undefined> {
  const kinds = await Promise.all(
    MEASURED.map(async (kind) => [kind, await askKind(graph, kind, now)] as const),
  );
  const isAway = kinds.some(([, answers]) => answers === undefined);
  return isAway ? undefined : (Object.fromEntries(kinds) as EdgeAnswers);
}

async function askKind(
  graph: PlatformGraph,
  kind: MeasuredKind,
  now: ExplainSources['metrics']['now'],
): Promise<EdgeAnswers[MeasuredKind] | undefined> {
  const queries = askedQueries(kind, bounds(graph));
  const answers = await Promise.all(
    NUMBERS.map(async (name) => {
      const query = queries[name];
      return [name, query === undefined ? [] : await now(text(query))] as const;
    }),
  );
  const isAway = answers.some(([, answer]) => answer === undefined);
  return isAway ? undefined : (Object.fromEntries(answers) as EdgeAnswers[MeasuredKind]);
}

/** What an edge fails by. */
function failsBy({ failing, errors, slowest }: EdgeView): string {
  return failing === 'errors' ? errors.query : slowest.query;
}

/** When a failing edge began to fail: when half of what it fails by now was reached, or its limit. */
export function withOnset(edge: EdgeView, { onsets }: Pick<MetricsSnapshot, 'onsets'>): EdgeView {
  if (edge.failing === null) return edge;
  const limit = edge.failing === 'errors' ? (edge.errors.value ?? 0) / 2 : edge.limitSeconds;
  return { ...edge, sinceMs: onset(onsets[edge.id] ?? [], (value) => value > limit) };
}
