import { ROLES } from '@meridian/language/access.ts';
import type { MethodNode, PlatformGraph } from '@meridian/components/model/graph.ts';

/** Whoever has no token. */
export const ANONYMOUS = 'anonymous';

/** How those outside of the platform reach a method. */
export interface Reach {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  /** As 'POST /v1/refunds', in the order of the contract. */
  readonly routes: readonly string[];
  /** The same of those by which systems outside send. */
  readonly webhooks: readonly string[];
  /** ANONYMOUS and roles, in their order in an access table. */
  readonly who: readonly string[];
}

/** Every method that the edge leads to, by 'service.Method'. */
export function reachOf(graph: PlatformGraph): ReadonlyMap<string, Reach> {
  const edges = graph.services.filter(({ exposure }) => exposure === 'edge');
  return new Map(
    graph.services.flatMap((service) =>
      service.methods
        .filter(({ path, routes, webhooks }) => {
          const callers = graph.allow[service.name]?.[path] ?? [];
          return (
            routes.length + webhooks.length > 0 && edges.some(({ name }) => callers.includes(name))
          );
        })
        .map((method) => [
          `${service.name}.${method.name}`,
          {
            service: service.name,
            method: method.name,
            path: method.path,
            routes: method.routes.map(({ verb, path }) => `${verb} ${path}`),
            webhooks: method.webhooks.map(({ verb, path }) => `${verb} ${path}`),
            who: method.routes.length === 0 ? [] : whoMay(method),
          },
        ]),
    ),
  );
}

function whoMay({ actors, roles }: MethodNode): readonly string[] {
  const users = actors.includes('user') ? (roles.length === 0 ? ROLES : roles) : [];
  const anonymous = actors.includes('anonymous') ? [ANONYMOUS] : [];
  return [...anonymous, ...ROLES.filter((role) => users.includes(role))];
}

/** Who it is, in words: 'anybody', 'any account', 'role support', 'roles customer and merchant'. */
export function people(who: readonly string[]): string {
  if (who.includes(ANONYMOUS)) return 'anybody';
  if (ROLES.every((role) => who.includes(role))) return 'any account';
  if (who.length === 0) return 'nobody';
  const [last = '', ...others] = who.toReversed();
  return others.length === 0
    ? `role ${last}`
    : `roles ${others.toReversed().join(', ')} and ${last}`;
}

/** The methods that a request into a service can cause, through its calls and those of who it calls; sorted. */
export function causedBy(graph: PlatformGraph, service: string): readonly string[] {
  const found = new Set<string>();
  const visited = new Set<string>();
  const visit = (name: string): void => {
    if (visited.has(name)) return;
    visited.add(name);
    for (const { to, methods } of graph.calls.filter(({ from }) => from === name)) {
      for (const path of methods) found.add(path);
      visit(to);
    }
  };
  visit(service);
  return [...found].toSorted();
}
