import type { Call } from './call.ts';
import { httpRoutes } from './http-route.ts';
import type { AnyService } from './service.ts';

/**
 * The services, of which the edge's calls every method that a public one has a route for: being public is
 * said once, where the service is declared. What the edge calls for itself is in its own declaration.
 */
export function withEdgeCalls(services: readonly AnyService[]): readonly AnyService[] {
  return services.map((service) =>
    service.exposure === 'edge'
      ? { ...service, calls: merged([...service.calls, ...routedCalls(services)]) }
      : service,
  );
}

function routedCalls(services: readonly AnyService[]): readonly Call[] {
  return services
    .filter(({ exposure }) => exposure === 'public')
    .map((service) => {
      const routed = service.contract?.methods.filter((method) => httpRoutes(method).length > 0);
      return { kind: 'call', service, methods: (routed ?? []).map(({ localName }) => localName) };
    });
}

/** One call for each callee, of all methods. */
function merged(calls: readonly Call[]): readonly Call[] {
  return [...Map.groupBy(calls, ({ service }) => service.name).values()].flatMap((group) => {
    const [first] = group;
    const methods = [...new Set(group.flatMap((one) => one.methods))];
    return first === undefined || methods.length === 0 ? [] : [{ ...first, methods }];
  });
}
