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
import { declaredEdges, declaredNodes, SYSTEMS } from '../views/declared-edges.ts';
import { edgeQueries, isMeasured, MEASURED, text } from '../views/edge-queries.ts';
import type { EdgeQueries, MeasuredKind } from '../views/edge-queries.ts';
import type { WatchedAlert } from '../views/alert-sight.ts';

/** What of a generated platform is not as it should be, by the id of an edge. */
export interface Trouble {
  readonly errors?: number;
  readonly seconds?: number;
  readonly rate?: number;
}

/** A platform that nobody runs, with answers made up for it: for tests, and for looking at the page. */
export interface GeneratedPlatform {
  readonly graph: PlatformGraph;
  readonly nowMs: number;
  /** @default nothing is wrong */
  readonly trouble?: Readonly<Record<string, Trouble>>;
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

const NUMBERS: readonly (keyof EdgeQueries)[] = ['rate', 'failed', 'slowest', 'ever'];

const HEALTHY = { errors: 0, seconds: 0.012, rate: 4 } as const;

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
    ...[...causes].map((id) => of(id, 'cause')),
    ...asked,
    ...[...effects].map((id) => of(id, 'effect')),
  ].filter((trace) => trace.spans.length > 0);
}

function samples(platform: GeneratedPlatform, query: string): readonly Sample[] {
  if (platform.isEmpty === true) return [];
  if (query === 'sum by (job) (up)') {
    const jobs = declaredNodes(platform.graph).flatMap(({ job }) => job ?? []);
    return [...new Set(jobs)].map((job) => ({ labels: { job }, value: 3 }));
  }
  if (query === ALERT || query === ALERT_VALUE) return ofAlerts(platform, query);
  if (query.startsWith('time() - ')) {
    return platform.graph.services.map(({ name }) => ({ labels: { job: name }, value: 7 }));
  }
  for (const kind of MEASURED) {
    const asked = edgeQueries(kind);
    const name = NUMBERS.find((each) => text(asked[each]) === query);
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
  platform: GeneratedPlatform,
  kind: MeasuredKind,
  name: keyof EdgeQueries,
): readonly Sample[] {
  const { graph, trouble = {}, undeclared = [] } = platform;
  const declared = declaredEdges(graph)
    .filter((edge) => edge.kind === kind)
    .map(({ id, from, to }) => {
      const { rate, errors, seconds } = { ...HEALTHY, ...trouble[id] };
      const values = { rate, failed: rate * errors, slowest: seconds, ever: rate * 3_600 };
      return { labels: labelsOf(graph, kind, from, to), value: values[name] };
    });
  if (kind !== 'call') return declared;
  const { rate, seconds } = HEALTHY;
  const values = { rate, failed: 0, slowest: seconds, ever: rate };
  const others = undeclared.map(([job, service]) => ({
    labels: { job, service },
    value: values[name],
  }));
  return [...declared, ...others];
}

function labelsOf(
  { services }: PlatformGraph,
  kind: MeasuredKind,
  from: string,
  to: string,
): Labels {
  switch (kind) {
    case 'request':
      return { job: to };
    case 'call':
      return { job: from, service: services.find(({ name }) => name === to)?.contract ?? '' };
    case 'store':
      return {
        job: from,
        db_system_name: Object.entries(SYSTEMS).find(([, engine]) => engine === to)?.[0] ?? '',
      };
    case 'publish':
      return { job: from, topic: to };
    case 'consume':
      return { job: to, topic: from };
  }
}

/** One series, which is in trouble for the last ten minutes where its edge is. */
function points(
  { graph, trouble = {}, nowMs }: GeneratedPlatform,
  query: string,
  { startSeconds, endSeconds, stepSeconds }: TimeRange,
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
  const each: [number, number][] = [];
  for (let at = startSeconds; at <= endSeconds; at += stepSeconds) {
    each.push([at, at >= beganSeconds ? bad : HEALTHY.seconds / 100]);
  }
  return [{ labels: {}, points: each }];
}
