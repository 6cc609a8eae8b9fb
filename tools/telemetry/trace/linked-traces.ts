import type { TopicNode } from '@meridian/components/model/graph.ts';
import type { Jaeger } from '../stores/jaeger.ts';
import type { Span } from '../stores/span.ts';

/** How a trace belongs to what was asked for. */
export type Relation = 'asked' | 'cause' | 'consequence';

/** A trace, and how it was come by. */
export interface RelatedTrace {
  readonly traceId: string;
  readonly relation: Relation;
  /** The earliest first. */
  readonly spans: readonly Span[];
}

/** What of a platform says where traces go on: a topic's consumers begin traces of their own. */
export type Topics = readonly Pick<TopicNode, 'name' | 'publishers' | 'consumers'>[];

/** A purchase has some ten; of an endless chain the beginning is enough. */
export const TRACES_MAX = 40;

/** How long after a span a consumer that was late may have begun. */
const LATE_MS = 600_000;

/** Traces of each consumer that are looked through. */
const CANDIDATES_MAX = 500;

/**
 * Some traces, those that they came from, and those that came of them, over any number of topics: along the links of
 * their spans back, and to the consumers' spans with links to them.
 */
export async function relatedTraces(
  jaeger: Pick<Jaeger, 'trace' | 'search'>,
  traceIds: readonly string[],
  topics: Topics,
): Promise<readonly RelatedTrace[]> {
  const found = new Map<string, RelatedTrace>();
  const add = (traceId: string, relation: Relation, spans: readonly Span[]): void => {
    if (spans.length > 0 && !found.has(traceId)) found.set(traceId, { traceId, relation, spans });
  };
  for (const traceId of traceIds) add(traceId, 'asked', await jaeger.trace(traceId));
  await followBack(jaeger, found, add);
  for (const { spans } of found.values()) {
    // What is added while this goes on is gone through too (ECMAScript, Map.prototype[@@iterator]).
    if (found.size >= TRACES_MAX) break;
    for (const trace of await consequencesOf(jaeger, spans, topics)) {
      add(trace[0]?.traceId ?? '', 'consequence', trace);
    }
  }
  return [...found.values()].toSorted((one, other) => startOf(one) - startOf(other));
}

async function followBack(
  jaeger: Pick<Jaeger, 'trace'>,
  found: ReadonlyMap<string, RelatedTrace>,
  add: (traceId: string, relation: Relation, spans: readonly Span[]) => void,
): Promise<void> {
  for (const { spans } of found.values()) {
    for (const { traceId } of spans.flatMap(({ links }) => links)) {
      if (found.size >= TRACES_MAX) return;
      if (!found.has(traceId)) add(traceId, 'cause', await jaeger.trace(traceId));
    }
  }
}

/** Traces of consumers whose spans have links to these. */
async function consequencesOf(
  jaeger: Pick<Jaeger, 'search'>,
  spans: readonly Span[],
  topics: Topics,
): Promise<readonly (readonly Span[])[]> {
  const [first] = spans;
  if (first === undefined) return [];
  const services = new Set(spans.map(({ service }) => service));
  const reached = topics.filter(({ publishers }) => publishers.some((name) => services.has(name)));
  const window = { fromMs: first.startMs, toMs: first.startMs + LATE_MS, limit: CANDIDATES_MAX };
  const searches = reached.flatMap(({ name, consumers }) =>
    consumers.map((service) =>
      jaeger.search({ service, operation: consumerSpanName(name), ...window }),
    ),
  );
  const candidates = (await Promise.all(searches)).flat();
  return candidates.filter((trace) =>
    trace.some(({ links }) => links.some(({ traceId }) => traceId === first.traceId)),
  );
}

/** What the kit calls the span of a consumer of a topic. */
export function consumerSpanName(topic: string): string {
  return `process ${topic}`;
}

function startOf({ spans }: RelatedTrace): number {
  return spans[0]?.startMs ?? 0;
}
