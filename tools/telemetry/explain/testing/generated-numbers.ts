import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { Labels, Sample } from '../../stores/prometheus.ts';
import { systemOf } from '../../database-systems.ts';
import { declaredEdges } from '../declared-edges.ts';
import { MEASURED, NUMBERS } from '../edge-queries.ts';
import type { AskedQueries, MeasuredKind } from '../edge-queries.ts';
import type { EdgeAnswers } from '../edge-answers.ts';
import { bounds } from '../snapshot-queries.ts';

/** What of an edge is not as it should be. */
export interface Trouble {
  /** Share of its calls that fail. */
  readonly errors?: number;
  /** How long its good calls take, or how long its oldest event waits. */
  readonly seconds?: number;
  /** Calls or events a second. */
  readonly rate?: number;
  /** Share of its good calls that take so long; others are quick. @default 1 */
  readonly slowShare?: number;
}

/** Trouble by the id of its edge. */
export type Troubles = Readonly<Record<string, Trouble>>;

export const HEALTHY = { errors: 0, seconds: 0.012, rate: 4, slowShare: 1 } as const;

/** What the store of metrics would say of all declared edges, that are well but for their trouble. */
export function generatedAnswers(graph: PlatformGraph, troubles: Troubles): EdgeAnswers {
  const ofKind = (kind: MeasuredKind) =>
    Object.fromEntries(
      NUMBERS.map((name) => [name, generatedNumbers(graph, kind, name, troubles)]),
    ) as EdgeAnswers[MeasuredKind];
  return Object.fromEntries(MEASURED.map((kind) => [kind, ofKind(kind)])) as EdgeAnswers;
}

/** One of the numbers of all declared edges of a kind. */
export function generatedNumbers(
  graph: PlatformGraph,
  kind: MeasuredKind,
  name: keyof AskedQueries,
  troubles: Troubles,
): readonly Sample[] {
  return declaredEdges(graph)
    .filter((edge) => edge.kind === kind)
    .flatMap(({ id, from, to }) =>
      generatedNumber(graph, labelsOf(graph, kind, from, to), troubles[id] ?? {}, name),
    );
}

/** One of the numbers of an edge. */
export function generatedNumber(
  graph: PlatformGraph,
  labels: Labels,
  trouble: Trouble,
  name: keyof AskedQueries,
): readonly Sample[] {
  const { rate, errors, seconds, slowShare } = { ...HEALTHY, ...trouble };
  const good = rate * (1 - errors);
  if (name === 'within') {
    return [...bounds(graph), Infinity].map((bound) => ({
      labels: { ...labels, le: bound === Infinity ? '+Inf' : String(bound) },
      value: seconds <= bound ? good : good * (1 - slowShare),
    }));
  }
  const values = {
    ...{ rate, failed: rate * errors, slowest: seconds, ever: rate * 3_600 },
    usual: HEALTHY.seconds,
    waited: rate * (seconds * slowShare + HEALTHY.seconds * (1 - slowShare)),
  };
  return [{ labels, value: values[name] }];
}

/** The labels of an edge's series. */
export function labelsOf(
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
        db_system_name: systemOf(to),
      };
    case 'publish':
      return { job: from, topic: to };
    case 'consume':
      return { job: to, topic: from };
  }
}
