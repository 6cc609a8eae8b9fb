import type { Call } from './call.ts';
import { httpRoutes, webhookRoutes } from './http-route.ts';
import type { AnyService } from './service.ts';

/**
 * The services, of which the edge's calls every method that a public one has a route for, and every method
 * that takes webhooks: being public is said once, where the service is declared. What the edge calls for
 * itself is in its own declaration.
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
    .filter(({ exposure }) => exposure !== 'edge')
    .map((service) => {
      const routed = service.contract?.methods.filter(
        (method) =>
          (service.exposure === 'public' && httpRoutes(method).length > 0) ||
          webhookRoutes(method).length > 0,
      );
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
