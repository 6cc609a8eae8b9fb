import { edgeService } from '../model/call-order.ts';
import { entriesBySpiffeId } from '../model/entry-paths.ts';
import type { MethodNode, PlatformGraph, ServiceNode } from '../model/graph.ts';
import { spiffeId } from '../model/spiffe.ts';

/** What service.json says of signed contexts; the kit's configuration.ts reads it. */
export type ContextRules = Readonly<Record<string, unknown>>;

/**
 * Who signs contexts, and what they open: for the edge service the methods that it routes to, for
 * every other service its own methods with the entries that can have led to them.
 */
export function contextRules(graph: PlatformGraph, service: ServiceNode): ContextRules {
  const signer = spiffeId(graph, edgeService(graph).name);
  if (service.exposure === 'edge') {
    const routed = graph.services
      .flatMap(({ methods }) => methods)
      .filter(({ routes }) => routes.length > 0);
    return { signer, methods: byPath(routed, () => ({})) };
  }
  const entries = entriesBySpiffeId(graph, graph.entries[service.name] ?? {});
  return {
    signer,
    methods: byPath(service.methods, ({ path }) => ({ entries: entries[path] ?? {} })),
  };
}

function byPath(
  methods: readonly MethodNode[],
  more: (method: MethodNode) => Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    methods.map((method) => [
      method.path,
      { actors: method.actors, roles: method.roles, ...more(method) },
    ]),
  );
}
