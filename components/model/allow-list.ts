import { spiffeId } from '@meridian/language/spiffe-id.ts';
import type { AllowList, CallEdge, PlatformGraph, ServiceNode } from './graph.ts';
import { sortedUnique } from './order.ts';

/** Who may call each method of a service, by name; an undeclared caller is on no list. */
export function allowListOf(service: ServiceNode, calls: readonly CallEdge[]): AllowList {
  const edges = calls.filter((edge) => edge.to === service.name);
  return Object.fromEntries(
    service.methods.map((method) => [
      method.path,
      sortedUnique(
        edges.filter((edge) => edge.methods.includes(method.path)).map((edge) => edge.from),
      ),
    ]),
  );
}

/** The allow-list of a service as its server enforces it: SPIFFE IDs by method path. */
export function allowedSpiffeIds(graph: PlatformGraph, serviceName: string): AllowList {
  return Object.fromEntries(
    Object.entries(graph.allow[serviceName] ?? {}).map(([path, callers]) => [
      path,
      callers.map((caller) => spiffeId(graph, caller)),
    ]),
  );
}
