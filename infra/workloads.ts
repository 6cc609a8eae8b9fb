import { calleesOf, callOrder } from '@meridian/components/model/call-order.ts';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import type { Postgres } from '@meridian/components/postgres/postgres.ts';
import type { Redis } from '@meridian/components/redis/redis.ts';
import { Service } from '@meridian/components/service/service.ts';
import type { ServiceLanding } from '@meridian/components/service/service.ts';
import { Task } from '@meridian/components/task/task.ts';
import type { TaskLanding } from '@meridian/components/task/task.ts';
import type { Zones } from '@meridian/components/zones/zones.ts';

/** Components by the name that they have in the graph. */
export type ByName<Component> = ReadonlyMap<string, Component>;

/** What all workloads stand on. */
interface Foundation<Landing> {
  readonly landing: Landing;
  readonly zones: Zones;
  readonly postgres: Postgres;
  readonly redis: Redis;
}

/** Every service of the graph, each after those that it calls. */
export function declareServices(
  graph: PlatformGraph,
  foundation: Foundation<ServiceLanding>,
): ByName<Service> {
  const services = new Map<string, Service>();
  for (const { name } of callOrder(graph)) {
    const callees = calleesOf(graph, name).map((callee) => componentNamed(services, callee));
    services.set(name, new Service(name, { ...foundation, service: name, callees }));
  }
  return services;
}

/** Every task of the graph. */
export function declareTasks(
  graph: PlatformGraph,
  services: ByName<Service>,
  foundation: Foundation<TaskLanding>,
): ByName<Task> {
  return new Map(
    graph.tasks.map(({ name }) => {
      const callees = calleesOf(graph, name).map((callee) => componentNamed(services, callee));
      return [name, new Task(name, { ...foundation, task: name, callees })];
    }),
  );
}

/** The component of that name. Throws Error when there is none, which is a bug. */
export function componentNamed<Component>(components: ByName<Component>, name: string): Component {
  const component = components.get(name);
  if (component === undefined) throw new Error(`There is no component '${name}'`);
  return component;
}
