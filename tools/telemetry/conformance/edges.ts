import { spiffeId } from '@meridian/language/spiffe-id.ts';
import type { PlatformGraph, ServiceNode } from '@meridian/components/model/graph.ts';
import { SYSTEM_OF } from '../database-systems.ts';
import type { Span } from '../stores/span.ts';

/** What an edge of the graph is, as traces show it. */
export type EdgeKind = 'call' | 'store' | 'publish' | 'consume';

/** Something that one part of the platform does with another. */
export interface Edge {
  readonly kind: EdgeKind;
  readonly from: string;
  readonly to: string;
  /** A method, an engine or a topic. */
  readonly via: string;
}

/** An edge that was seen, in a span of that trace. */
export interface SeenEdge extends Edge {
  readonly traceId: string;
}

/** What a consumer's span and a publisher's are called before the topic. */
const CONSUMES = 'process ';
const PUBLISHES = /^(?:send|publish) /;

/** Every edge that the graph declares and a trace could show. */
export function declaredEdges(graph: PlatformGraph): readonly Edge[] {
  return [
    ...graph.calls.flatMap(({ from, to, methods }) =>
      methods.map((path): Edge => ({ kind: 'call', from, to, via: methodOf(path) })),
    ),
    ...graph.services.flatMap((service) => storeEdges(service)),
    ...graph.topics.flatMap(({ name, publishers, consumers }) => [
      ...publishers.map((from): Edge => ({ kind: 'publish', from, to: name, via: name })),
      ...consumers.map((from): Edge => ({ kind: 'consume', from, to: name, via: name })),
    ]),
  ];
}

function storeEdges({ name, stores }: ServiceNode): readonly Edge[] {
  const engines = new Set(
    stores.filter(({ implemented }) => implemented).map(({ kind }) => SYSTEM_OF[kind]),
  );
  return [...engines].map((engine) => ({ kind: 'store', from: name, to: engine, via: engine }));
}

/** A path on the wire as spans have it, without the slash before it. */
function methodOf(path: string): string {
  return path.replace(/^\//, '');
}

/** Every edge that these spans show, once for each time. */
export function seenEdges(
  graph: PlatformGraph,
  traces: readonly (readonly Span[])[],
): readonly SeenEdge[] {
  const spans = new Map(traces.flat().map((span) => [keyOf(span), span]));
  const seeing = new Seeing(graph, spans);
  return [...spans.values()].flatMap((span) =>
    seeing.edgesOf(span).map((edge) => ({ ...edge, traceId: span.traceId })),
  );
}

function keyOf({ traceId, spanId }: Pick<Span, 'traceId' | 'spanId'>): string {
  return `${traceId}/${spanId}`;
}

/** What of a span is an edge. */
class Seeing {
  readonly #spans: ReadonlyMap<string, Span>;
  readonly #contracts: ReadonlyMap<string, string>;
  /** Names by the SPIFFE IDs of those who call. */
  readonly #callers: ReadonlyMap<string, string>;

  constructor(graph: PlatformGraph, spans: ReadonlyMap<string, Span>) {
    this.#spans = spans;
    this.#contracts = new Map(
      graph.services.flatMap(({ contract, name }) => (contract === null ? [] : [[contract, name]])),
    );
    const names = [...graph.services, ...graph.tasks].map(({ name }) => name);
    this.#callers = new Map(names.map((name) => [spiffeId(graph, name), name]));
  }

  edgesOf(span: Span): readonly Edge[] {
    switch (span.kind) {
      case 'server':
        return this.#call(span);
      case 'client':
        return storeUse(span);
      case 'consumer':
        return this.#consumption(span);
      default:
        return publication(span);
    }
  }

  /**
   * A call that somebody was let in with. Who was refused has no peer in the span, and that is not an edge; nor is what
   * every process serves, such as health, since it is in no contract.
   */
  #call({ attributes, service }: Span): readonly Edge[] {
    const method = attributes['rpc.method'] ?? '';
    const peer = attributes['meridian.peer.spiffe_id'] ?? '';
    if (peer === '' || !this.#contracts.has(method.slice(0, method.lastIndexOf('/')))) return [];
    const from = this.#callers.get(peer) ?? peer;
    return [{ kind: 'call', from, to: service, via: method }];
  }

  #consumption(span: Span): readonly Edge[] {
    const { name, service } = span;
    if (!name.startsWith(CONSUMES)) return [];
    const topic = name.slice(CONSUMES.length);
    const origins = [...span.links, ...(parentOf(span) ?? [])].flatMap(
      (origin) => this.#spans.get(keyOf(origin)) ?? [],
    );
    const publishers = new Set(origins.map((origin) => origin.service));
    return [
      { kind: 'consume', from: service, to: topic, via: topic },
      ...[...publishers].map((from): Edge => ({ kind: 'publish', from, to: topic, via: topic })),
    ];
  }
}

function parentOf({
  traceId,
  parentSpanId,
}: Span): readonly [Pick<Span, 'traceId' | 'spanId'>] | undefined {
  return parentSpanId === undefined ? undefined : [{ traceId, spanId: parentSpanId }];
}

function storeUse({ attributes, service }: Span): readonly Edge[] {
  const system = attributes['db.system.name'];
  return system === undefined ? [] : [{ kind: 'store', from: service, to: system, via: system }];
}

function publication({ name, service }: Span): readonly Edge[] {
  const topic = PUBLISHES.test(name) ? name.replace(PUBLISHES, '') : undefined;
  return topic === undefined ? [] : [{ kind: 'publish', from: service, to: topic, via: topic }];
}
