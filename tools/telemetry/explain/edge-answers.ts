import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { Labels, Sample } from '../stores/prometheus.ts';
import { engineOf } from '../database-systems.ts';
import type { DeclaredEdge } from './declared-edges.ts';
import { edgeId, USERS } from './declared-edges.ts';
import { MEASURED, NUMBERS, serviceOf } from './edge-queries.ts';
import type { AskedQueries, MeasuredKind } from './edge-queries.ts';

/** What the store of metrics says of all edges of each kind. */
export type EdgeAnswers = Readonly<
  Record<MeasuredKind, Readonly<Record<keyof AskedQueries, readonly Sample[]>>>
>;

/** What was counted of one operation of an edge, a second. */
export interface Counted {
  readonly rate: number;
  readonly failed: number;
}

/** What was seen of an edge. */
export interface SeenEdge extends Pick<DeclaredEdge, 'id' | 'kind' | 'from' | 'to'> {
  readonly all: Counted;
  readonly slowest: number | undefined;
  readonly usual: number | undefined;
  readonly waited: number;
  /** By its name; one without a name where the kind has none. */
  readonly operations: ReadonlyMap<string, Counted>;
  /** Good calls a second by the bound in seconds that they were within, ascending; the last is Infinity. */
  readonly within: readonly (readonly [bound: number, rate: number])[];
}

/** Every edge that was seen since its processes started, declared or not, by its id. */
export function seenEdges(
  graph: PlatformGraph,
  answers: EdgeAnswers,
): ReadonlyMap<string, SeenEdge> {
  return new Map(
    MEASURED.flatMap((kind) => [...samplesByEdge(graph, kind, answers[kind]).values()])
      .filter(wasSeen)
      .map((samples) => [samples.id, seenEdge(samples)] as const),
  );
}

type EdgeSamples = Pick<DeclaredEdge, 'id' | 'kind' | 'from' | 'to'> &
  Readonly<Record<keyof AskedQueries, Sample[]>>;

function samplesByEdge(
  graph: PlatformGraph,
  kind: MeasuredKind,
  answers: EdgeAnswers[MeasuredKind],
): ReadonlyMap<string, EdgeSamples> {
  const found = new Map<string, EdgeSamples>();
  for (const name of NUMBERS) {
    for (const sample of answers[name]) {
      if (!isOfGraph(graph, kind, sample.labels)) continue;
      for (const [from, to] of endsOf(graph, kind, sample.labels)) {
        const id = edgeId(from, to);
        const edge = found.get(id) ?? { id, kind, from, to, ...noSamples() };
        edge[name].push(sample);
        found.set(id, edge);
      }
    }
  }
  return found;
}

function noSamples(): Record<keyof AskedQueries, Sample[]> {
  return {
    ...{ rate: [], failed: [], slowest: [], usual: [], ever: [], within: [], waited: [] },
  };
}

/** What only exists, since it is declared, was not; events that wait were, if none ever went through. */
function wasSeen({ kind, ever, slowest }: EdgeSamples): boolean {
  const isOfEvents = kind === 'publish' || kind === 'consume';
  return [...ever, ...(isOfEvents ? slowest : [])].some(({ value }) => value > 0);
}

/** What services do; what watches them is in no graph, nor is what every process serves, such as health. */
function isOfGraph(
  { services }: PlatformGraph,
  kind: MeasuredKind,
  { job, service }: Labels,
): boolean {
  if (!services.some(({ name }) => name === job)) return false;
  return kind !== 'call' || services.some(({ contract }) => contract === service);
}

function seenEdge(samples: EdgeSamples): SeenEdge {
  const { id, kind, from, to, rate, failed, slowest, usual, within, waited } = samples;
  return {
    ...{ id, kind, from, to, operations: operationsOf(samples), within: boundsOf(within) },
    all: { rate: sum(rate), failed: sum(failed) },
    slowest: greatest(slowest),
    usual: greatest(usual),
    waited: sum(waited),
  };
}

function operationsOf({ rate, failed }: EdgeSamples): ReadonlyMap<string, Counted> {
  const failures = Map.groupBy(failed, ({ labels }) => operationOf(labels));
  return new Map(
    [...Map.groupBy(rate, ({ labels }) => operationOf(labels))].map(([name, samples]) => [
      name,
      { rate: sum(samples), failed: sum(failures.get(name) ?? []) },
    ]),
  );
}

/** A method without its contract, a route or a statement. */
function operationOf(labels: Labels): string {
  const { http_request_method: verb, http_route: route = '', rpc_method: method = '' } = labels;
  const { db_operation_name: statement = '' } = labels;
  if (verb !== undefined) return `${verb} ${route}`;
  return statement === '' ? (method.split('/').at(-1) ?? '') : statement;
}

/** Whole bounds have a decimal or none, by who wrote them. */
function boundsOf(samples: readonly Sample[]): SeenEdge['within'] {
  const bound = ({ labels: { le = '' } }: Sample): number => Number(le.replace('+Inf', 'Infinity'));
  return [...Map.groupBy(samples, bound)]
    .map(([seconds, each]) => [seconds, sum(each)] as const)
    .toSorted(([one], [other]) => one - other);
}

/** Undefined where none of them is known. */
function greatest(samples: readonly Sample[]): number | undefined {
  const values = samples.map(({ value }) => value).filter((value) => !Number.isNaN(value));
  return values.length === 0 ? undefined : Math.max(...values);
}

function sum(samples: readonly Sample[]): number {
  return samples.reduce((all, { value }) => all + value, 0);
}

/** From where to where a series is; the age of an outbox is that of all topics that its service publishes to. */
function endsOf(
  graph: PlatformGraph,
  kind: MeasuredKind,
  labels: Labels,
): readonly (readonly [string, string])[] {
  const { job = '', service = '', topic, db_system_name: system = '' } = labels;
  switch (kind) {
    case 'request':
      return [[USERS, job]];
    case 'call':
      return [[job, serviceOf(graph, service)]];
    case 'store':
      return [[job, engineOf(system)]];
    case 'publish':
      if (topic !== undefined) return [[job, topic]];
      return graph.topics
        .filter(({ publishers }) => publishers.includes(job))
        .map(({ name }) => [job, name] as const);
    case 'consume':
      return [[topic ?? '', job]];
  }
}
