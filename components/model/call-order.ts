import type { PlatformGraph, ServiceNode } from './graph.ts';

/** The services of a valid graph, each after all that it calls. */
export function callOrder(graph: PlatformGraph): readonly ServiceNode[] {
  const ordered = new Set<ServiceNode>();
  const visit = (service: ServiceNode): void => {
    if (ordered.has(service)) return;
    const callees = calleesOf(graph, service.name);
    graph.services.filter(({ name }) => callees.includes(name)).forEach(visit);
    ordered.add(service);
  };
  graph.services.forEach(visit);
  return [...ordered];
}

/** The names of the services that a service or task calls. */
export function calleesOf(graph: PlatformGraph, caller: string): readonly string[] {
  return graph.calls.filter((edge) => edge.from === caller).map((edge) => edge.to);
}

/** The service behind the edge. Throws Error when it has no code, which the landing refuses. */
export function edgeService(graph: PlatformGraph): ServiceNode {
  const service = graph.services.find(({ exposure }) => exposure === 'edge');
  if (service === undefined) throw new Error(`Platform '${graph.name}' has no edge service`);
  return service;
}
