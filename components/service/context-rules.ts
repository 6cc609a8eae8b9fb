import { spiffeId } from '@meridian/language/spiffe-id.ts';
import type { ServiceConfigurationFile } from '@meridian/language/service-configuration.ts';
import { edgeService } from '../model/call-order.ts';
import { entriesBySpiffeId } from '../model/entry-paths.ts';
import type { PlatformGraph, ServiceNode } from '../model/graph.ts';

/** What service.json says of signed contexts. */
type ContextRules = NonNullable<ServiceConfigurationFile['context']>;

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
    return {
      signer,
      methods: Object.fromEntries(
        routed.map(({ path, actors, roles }) => [path, { actors, roles }]),
      ),
    };
  }
  const entries = entriesBySpiffeId(graph, graph.entries[service.name] ?? {});
  return {
    signer,
    methods: Object.fromEntries(
      service.methods.map(({ path, actors, roles }) => [
        path,
        { actors, roles, entries: entries[path] ?? {} },
      ]),
    ),
  };
}
