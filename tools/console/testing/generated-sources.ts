import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { ALERT, ALERT_VALUE } from '@meridian/components/observability/rules/alert.ts';
import { LOG_LINES } from '@meridian/language/log-lines.ts';
import { StoreAway } from '../server/sources.ts';
import type {
  Labels,
  LogLine,
  RelatedTrace,
  Relation,
  Sample,
  Series,
  Sources,
  StoredSpan,
  StoreName,
  TimeRange,
} from '../server/sources.ts';
import { declaredEdges, declaredNodes } from '../../telemetry/explain/declared-edges.ts';
import {
  askedQueries,
  isMeasured,
  MEASURED,
  NUMBERS,
  text,
} from '../../telemetry/explain/edge-queries.ts';
import type { AskedQueries, MeasuredKind } from '../../telemetry/explain/edge-queries.ts';
import {
  AGE,
  bounds,
  CERTIFICATES_LEFT,
  ENGINES_UP,
  UP_LATELY,
} from '../../telemetry/explain/snapshot-queries.ts';
import {
  generatedNumber,
  generatedNumbers,
  HEALTHY,
  labelsOf,
} from '../../telemetry/explain/testing/generated-numbers.ts';
import type { Troubles } from '../../telemetry/explain/testing/generated-numbers.ts';
import type { WatchedAlert } from '../views/alert-sight.ts';

/** A platform that nobody runs, with answers made up for it: for tests, and for looking at the page. */
export interface GeneratedPlatform {
  readonly graph: PlatformGraph;
  readonly nowMs: number;
  /** @default nothing is wrong */
  readonly trouble?: Troubles;
  /** Calls that nobody declared, from a service to another. @default none */
  readonly undeclared?: readonly (readonly [from: string, contract: string])[];
  readonly alerts?: readonly WatchedAlert[];
  readonly away?: readonly StoreName[];
  /** Without a single target, as before the first scrape. @default false */
  readonly isEmpty?: boolean;
  readonly spans?: readonly StoredSpan[];
  readonly lines?: readonly LogLine[];
  readonly refusals?: readonly LogLine[];
}

const REPLICAS = ['a', 'b', 'c'] as const;

/** What a generated platform is held against. */
export const GENERATED_LIMITS = { replicas: {}, certificateLifetimeSeconds: 3_600 } as const;

/** Trouble is told to have begun so long ago. */
export const TROUBLE_BEGAN_SECONDS = 600;

/** The answers of stores over a generated platform. */
export function generatedSources(platform: GeneratedPlatform): Sources {
  const isAway = (store: StoreName) => platform.away?.includes(store) === true;
  const from = <T>(store: StoreName, answer: () => readonly T[]): Promise<readonly T[]> =>
    isAway(store)
      ? Promise.reject(new StoreAway(store, new Error('generated')))
      : Promise.resolve(answer());
  const { spans = [], lines = [], refusals = [] } = platform;
  return {
    metrics: {
      now: (query) => from('metrics', () => samples(platform, query)),
      over: (query, range) => from('metrics', () => points(platform, query, range)),
      exemplars: () => from('metrics', () => []),
    },
    traces: { related: (ids) => from('traces', () => related(spans, ids)) },
    logs: {
      ofTrace: (id) => from('logs', () => lines.filter(({ traceId }) => traceId === id)),
      naming: (id) =>
        from('logs', () => lines.filter(({ fields }) => Object.values(fields).includes(id))),
      sagas: () =>
        from('logs', () => lines.filter(({ message }) => message === LOG_LINES.sagaWentOn)),
      refusals: () => from('logs', () => refusals),
    },
  };
}

/** One step back and one on, which is all that there is. */
function related(spans: readonly StoredSpan[], ids: readonly string[]): readonly RelatedTrace[] {
  const of = (id: string, relation: Relation): RelatedTrace => ({
    ...{ id, relation, spans: spans.filter(({ traceId }) => traceId === id) },
  });
  const asked = ids.map((id) => of(id, 'asked'));
  const links = asked.flatMap((trace) => trace.spans).flatMap((span) => span.links);
  const causes = new Set(links.map(({ traceId }) => traceId));
  const effects = new Set(
    spans
      .filter((span) => span.links.some(({ traceId }) => ids.includes(traceId)))
      .map(({ traceId }) => traceId),
  );
  return [
    ...[...causes].filter((id) => !ids.includes(id)).map((id) => of(id, 'cause')),
    ...asked,
    ...[...effects].filter((id) => !ids.includes(id)).map((id) => of(id, 'effect')),
  ].filter((trace) => trace.spans.length > 0);
}

function samples(platform: GeneratedPlatform, query: string): readonly Sample[] {
  if (platform.isEmpty === true) return [];
  if (query === text(AGE)) return [{ labels: {}, value: 7 }];
  if (query === ALERT || query === ALERT_VALUE) return ofAlerts(platform, query);
  if (query.startsWith('time() - ')) {
    return platform.graph.services.map(({ name }) => ({ labels: { job: name }, value: 7 }));
  }
  for (const kind of MEASURED) {
    const asked = askedQueries(kind, bounds(platform.graph));
    const name = NUMBERS.find((each) => {
      const own = asked[each];
      return own !== undefined && text(own) === query;
    });
    if (name !== undefined) return ofKind(platform, kind, name);
  }
  return [];
}

/** Of a service that is not up nothing is recorded, so every seventh alert is blind. */
function ofAlerts({ alerts = [] }: GeneratedPlatform, query: string): readonly Sample[] {
  return alerts.flatMap(({ name, service, limit, isBelow }, position) => {
    if (position % 7 === 6) return [];
    const labels = { alert: name, service };
    const fires = position % 11 === 3;
    const near = isBelow ? limit * (fires ? 0.5 : 3) : limit * (fires ? 1.4 : 0.3);
    return [{ labels, value: query === ALERT ? Number(fires) : near }];
  });
}

function ofKind(
  { graph, trouble = {}, undeclared = [] }: GeneratedPlatform,
  kind: MeasuredKind,
  name: keyof AskedQueries,
): readonly Sample[] {
  const declared = generatedNumbers(graph, kind, name, trouble);
  if (kind !== 'call') return declared;
  const others = undeclared.flatMap(([job, service]) =>
    generatedNumber(graph, { job, service }, {}, name),
  );
  return [...declared, ...others];
}

/** Replicas and engines that are there; else one series, which is in trouble for the last ten minutes where its edge is. */
function points(platform: GeneratedPlatform, query: string, range: TimeRange): readonly Series[] {
  const { graph, isEmpty = false } = platform;
  const steady = (labels: Labels, value: number): Series => ({
    labels,
    points: times(range).map((at) => [at, value] as const),
  });
  switch (query) {
    case text(UP_LATELY):
      return isEmpty ? [] : replicas(graph).map((labels) => steady(labels, 1));
    case text(CERTIFICATES_LEFT):
      return replicas(graph).map((labels) => steady(labels, 3_000));
    case text(ENGINES_UP):
      return declaredNodes(graph)
        .filter(({ kind }) => kind === 'engine')
        .map(({ id }) => steady({ engine: id, node: id }, 1));
    default:
      return troubledPoints(platform, query, range);
  }
}

function replicas({ services }: PlatformGraph): readonly Labels[] {
  return services.flatMap(({ name }) =>
    REPLICAS.map((zone) => ({ job: name, zone, instance: `${name}-${zone}-0` })),
  );
}

function times({ startSeconds, endSeconds, stepSeconds }: TimeRange): readonly number[] {
  const count = Math.floor((endSeconds - startSeconds) / stepSeconds) + 1;
  return Array.from({ length: count }, (_, position) => startSeconds + position * stepSeconds);
}

function troubledPoints(
  { graph, trouble = {}, nowMs }: GeneratedPlatform,
  query: string,
  range: TimeRange,
): readonly Series[] {
  const edge = declaredEdges(graph).find(
    ({ id, kind, from, to }) =>
      trouble[id] !== undefined &&
      isMeasured(kind) &&
      Object.values(labelsOf(graph, kind, from, to)).every((value) => query.includes(value)),
  );
  const { errors, seconds } = { ...HEALTHY, ...trouble[edge?.id ?? ''] };
  const bad = query.includes('histogram_quantile') ? seconds : errors;
  const beganSeconds = nowMs / 1_000 - TROUBLE_BEGAN_SECONDS;
  const each = times(range).map((at): [number, number] => [
    at,
    at >= beganSeconds ? bad : HEALTHY.seconds / 100,
  ]);
  return [{ labels: {}, points: each }];
}
