import type { TopicNode } from '@meridian/components/model/graph.ts';
import { RETENTION_DAYS } from '@meridian/components/observability/defaults.ts';
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

/** A purchase has some twenty; of an endless chain the beginning is enough. */
export const TRACES_MAX = 40;

/** The attribute by which a span says from which trace it came (services/kit/telemetry/names.ts). */
const ORIGIN = 'meridian.origin.trace_id';

/** What came of a trace may be as much later as traces are kept: a refund, say. */
const KEPT_MS = RETENTION_DAYS.traces * 86_400_000;

/**
 * How long after a span a consumer of batches may have begun: a store gives the newest first, so that among all of a
 * longer time the one that came soon would be left out.
 */
const LATE_MS = [15_000, 120_000, 600_000] as const;

/** Traces of each consumer that are looked through. */
const CANDIDATES_MAX = 500;

/**
 * Some traces, those that they came from, and those that came of them, over any number of topics and of effects that a
 * service does later: along the links of their spans back, and on to the spans with links to them.
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

/**
 * Traces whose spans have links to these. One that came from a single trace says so in an attribute, whoever did it; a
 * batch of a consumer came from several, and is looked for among others.
 */
async function consequencesOf(
  jaeger: Pick<Jaeger, 'search'>,
  spans: readonly Span[],
  topics: Topics,
): Promise<readonly (readonly Span[])[]> {
  const [first] = spans;
  if (first === undefined) return [];
  const services = new Set(spans.map(({ service }) => service));
  const reached = topics.filter(({ publishers }) => publishers.some((name) => services.has(name)));
  const later = new Set([...services, ...reached.flatMap(({ consumers }) => consumers)]);
  const found = await Promise.all([
    ...[...later].map((service) => {
      const attributes = { [ORIGIN]: first.traceId };
      const window = { fromMs: first.startMs, toMs: first.startMs + KEPT_MS, limit: TRACES_MAX };
      return jaeger.search({ service, attributes, ...window });
    }),
    ...reached.flatMap(({ name, consumers }) =>
      consumers.map((service) =>
        batchesOf(jaeger, first, { service, operation: consumerSpanName(name) }),
      ),
    ),
  ]);
  return found.flat();
}

/** Traces of a consumer with a link to that of a span, which may be among those to other traces. */
async function batchesOf(
  jaeger: Pick<Jaeger, 'search'>,
  { traceId, startMs }: Span,
  consumer: { readonly service: string; readonly operation: string },
): Promise<readonly (readonly Span[])[]> {
  for (const lateMs of LATE_MS) {
    const window = { fromMs: startMs, toMs: startMs + lateMs, limit: CANDIDATES_MAX };
    const candidates = await jaeger.search({ ...consumer, ...window });
    const found = candidates.filter((trace) =>
      trace.some(({ links }) => links.some((link) => link.traceId === traceId)),
    );
    if (found.length > 0) return found;
  }
  return [];
}

/** What the kit calls the span of a consumer of a topic. */
export function consumerSpanName(topic: string): string {
  return `process ${topic}`;
}

function startOf({ spans }: RelatedTrace): number {
  return spans[0]?.startMs ?? 0;
}
