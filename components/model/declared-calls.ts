import { methodPath } from '@meridian/language/method.ts';
import { entryPathsOf } from './entry-paths.ts';
import type { EnteredService } from './entry-paths.ts';
import type { CallEdge, EntryPaths } from './graph.ts';
import { httpRoutes } from './http-route.ts';
import { sortedByName, sortedUnique } from './order.ts';
import type { AnyService } from './service.ts';
import type { AnyTask } from './task.ts';

/** The calls that a service or task declares. */
export function callEdges(caller: AnyService | AnyTask): CallEdge[] {
  return caller.calls.map(({ service, methods }) => ({
    from: caller.name,
    to: service.name,
    methods: sortedUnique(
      methods.flatMap((name) => {
        const method = service.contract?.method[name];
        return method === undefined ? [] : [methodPath(method)];
      }),
    ),
  }));
}

/** The entry methods of every call between services. */
export function entriesByService(
  declarations: readonly AnyService[],
  calls: readonly CallEdge[],
): Readonly<Record<string, EntryPaths>> {
  const services = sortedByName(
    declarations.map(({ name, exposure, contract }): EnteredService => ({
      name,
      exposure,
      methods: sortedByName([...(contract?.methods ?? [])]).map((method) => ({
        path: methodPath(method),
        routes: httpRoutes(method),
      })),
    })),
  );
  return Object.fromEntries(
    services.map((service) => [service.name, entryPathsOf(service, services, calls)]),
  );
}
