import type { ComponentResourceOptions, Resource } from '@pulumi/pulumi';
import type { Engine } from '@meridian/components/engine.ts';
import { calleesOf, callOrder } from '@meridian/components/model/call-order.ts';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
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
  readonly engines: readonly Engine[];
  /** With which each is declared. */
  readonly within: ComponentResourceOptions;
}

/** Every service of the graph, each after those that it calls. */
export function declareServices(
  graph: LandedGraph,
  { landing, zones, engines, within }: Foundation<ServiceLanding>,
): ByName<Service> {
  const services = new Map<string, Service>();
  for (const { name } of callOrder(graph)) {
    const after = prerequisites(graph, name, engines, services);
    services.set(name, new Service(name, { landing, service: name, zones, after }, within));
  }
  return services;
}

/** Every task of the graph. */
export function declareTasks(
  graph: LandedGraph,
  services: ByName<Service>,
  { landing, zones, engines, within }: Foundation<TaskLanding>,
): ByName<Task> {
  return new Map(
    graph.tasks.map(({ name }) => {
      const after = prerequisites(graph, name, engines, services);
      return [name, new Task(name, { landing, task: name, zones, after }, within)];
    }),
  );
}

/** What must be up before a service or task starts: engines that it waits for, and whom it calls. */
function prerequisites(
  graph: LandedGraph,
  workload: string,
  engines: readonly Engine[],
  services: ByName<Service>,
): readonly Resource[] {
  return [
    ...engines.filter((engine) => engine.isAwaitedBy(graph, workload)),
    ...calleesOf(graph, workload).map((callee) => componentNamed(services, callee)),
  ];
}

/** The component of that name. Throws Error when there is none, which is a bug. */
export function componentNamed<Component>(components: ByName<Component>, name: string): Component {
  const component = components.get(name);
  if (component === undefined) throw new Error(`There is no component '${name}'`);
  return component;
}
