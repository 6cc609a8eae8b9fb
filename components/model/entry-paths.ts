import { spiffeId } from '@meridian/language/spiffe-id.ts';
import type { IdentityScope } from '@meridian/language/spiffe-id.ts';
import type { CallEdge, EntryPaths, ServiceNode } from './graph.ts';
import { sortedUnique } from './order.ts';

/** What entries follow from; the actors of methods do not matter. */
export type EnteredService = Pick<ServiceNode, 'name' | 'exposure'> & {
  readonly methods: readonly Pick<ServiceNode['methods'][number], 'path' | 'routes'>[];
};

/**
 * The entry methods that can have led to each call of a service's methods, by caller: from the edge
 * the method itself, from another service every entry that leads to that service, and from a task
 * none.
 */
export function entryPathsOf(
  service: EnteredService,
  services: readonly EnteredService[],
  calls: readonly CallEdge[],
): EntryPaths {
  return Object.fromEntries(
    service.methods.map(({ path, routes }) => [
      path,
      Object.fromEntries(
        calls
          .filter(({ to, methods }) => to === service.name && methods.includes(path))
          .map(({ from }): [string, readonly string[]] => {
            const caller = services.find(({ name }) => name === from);
            if (caller?.exposure === 'edge') return [from, routes.length > 0 ? [path] : []];
            return [from, sortedUnique([...entriesInto(from, services, calls, new Set())])];
          })
          .filter(([, entries]) => entries.length > 0),
      ),
    ]),
  );
}

/** The entries of a service in the form that its server checks: by SPIFFE ID of the caller. */
export function entriesBySpiffeId(scope: IdentityScope, entries: EntryPaths): EntryPaths {
  return Object.fromEntries(
    Object.entries(entries).map(([path, byCaller]) => [
      path,
      Object.fromEntries(
        Object.entries(byCaller).map(([caller, from]) => [spiffeId(scope, caller), from]),
      ),
    ]),
  );
}

/** Every entry that leads to a service: its own routed methods, and those of its callers. */
function entriesInto(
  name: string,
  services: readonly EnteredService[],
  calls: readonly CallEdge[],
  seen: Set<string>,
): ReadonlySet<string> {
  const service = services.find((candidate) => candidate.name === name);
  // A cycle is reported by itself; here it must only end.
  if (service === undefined || service.exposure === 'edge' || seen.has(name)) return new Set();
  seen.add(name);
  const own = service.methods.filter(({ routes }) => routes.length > 0).map(({ path }) => path);
  const callers = calls.filter(({ to }) => to === name).map(({ from }) => from);
  return new Set([
    ...own,
    ...callers.flatMap((caller) => [...entriesInto(caller, services, calls, seen)]),
  ]);
}
