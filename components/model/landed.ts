import { allowListOf } from './allow-list.ts';
import { entryPathsOf } from './entry-paths.ts';
import type { PlatformGraph } from './graph.ts';

/** The landed part of a graph: what is made real takes no other. */
export interface LandedGraph extends PlatformGraph {
  /** The whole graph that it is a part of. */
  readonly declared: PlatformGraph;
}

/**
 * The part of a graph that is landed: services that have code, and the edges between them. A topic
 * needs a publisher that is landed, and keeps its events for consumers to come; a task needs all its
 * callees, and a system outside the platform a user.
 */
export function landed(graph: PlatformGraph): LandedGraph {
  const services = graph.services
    .filter((service) => service.implemented)
    .map((service) => ({
      ...service,
      stores: service.stores.filter((store) => store.implemented),
    }));
  const isService = (name: string) => services.some((service) => service.name === name);
  const tasks = graph.tasks.filter((task) =>
    graph.calls.filter((edge) => edge.from === task.name).every((edge) => isService(edge.to)),
  );
  const isCaller = (name: string) => isService(name) || tasks.some((task) => task.name === name);
  const calls = graph.calls.filter((edge) => isCaller(edge.from) && isService(edge.to));
  return {
    ...graph,
    declared: graph,
    services,
    tasks,
    calls,
    topics: graph.topics
      .map((topic) => ({
        ...topic,
        publishers: topic.publishers.filter(isService),
        consumers: topic.consumers.filter(isService),
      }))
      .filter((topic) => topic.publishers.length > 0),
    externals: graph.externals
      .map((external) => ({ ...external, users: external.users.filter(isService) }))
      .filter((external) => external.users.length > 0),
    allow: Object.fromEntries(
      services.map((service) => [service.name, allowListOf(service, calls)]),
    ),
    entries: Object.fromEntries(
      services.map((service) => [service.name, entryPathsOf(service, services, calls)]),
    ),
  };
}
