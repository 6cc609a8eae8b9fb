import { ENGINE_USERS } from '../../engine-users.ts';
import { calleesOf } from '../../model/call-order.ts';
import type { PlatformGraph, ServiceNode } from '../../model/graph.ts';

/** What a service depends on, at whatever distance: a fault there is one here. */
export interface Dependencies {
  readonly services: readonly string[];
  readonly engines: readonly string[];
}

/** Through the calls of a service and of those it calls, and their engines. */
export function dependenciesOf(graph: PlatformGraph, service: string): Dependencies {
  const services = new Set<string>();
  const visit = (name: string): void => {
    for (const callee of calleesOf(graph, name)) {
      if (!services.has(callee)) visit(callee);
      services.add(callee);
    }
  };
  visit(service);
  const members = graph.services.filter(({ name }) => name === service || services.has(name));
  return {
    services: [...services].toSorted(),
    engines: [...new Set(members.flatMap((member) => enginesOf(graph, member)))].toSorted(),
  };
}

/** The engines that a service itself uses, by the jobs that scrape them. */
export function enginesOf(graph: PlatformGraph, service: ServiceNode): readonly string[] {
  return Object.values(ENGINE_USERS)
    .filter(({ isUsedBy }) => isUsedBy(graph, service))
    .map(({ job }) => job)
    .toSorted();
}

/** Every engine that anything uses. */
export function enginesInUse(graph: PlatformGraph): readonly string[] {
  return [...new Set(graph.services.flatMap((service) => enginesOf(graph, service)))].toSorted();
}

/** The services that publish to what a service consumes. */
export function publishersTo(graph: PlatformGraph, consumer: string): readonly string[] {
  const topics = graph.topics.filter(({ consumers }) => consumers.includes(consumer));
  return [...new Set(topics.flatMap(({ publishers }) => publishers))].toSorted();
}

/** The services that publish anything, or that consume. */
export function servicesWithEvents(
  graph: PlatformGraph,
  side: 'publishers' | 'consumers',
): readonly ServiceNode[] {
  const names = new Set(graph.topics.flatMap((topic) => topic[side]));
  return graph.services.filter(({ name }) => names.has(name));
}
