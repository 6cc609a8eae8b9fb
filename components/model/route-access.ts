import { methodPath } from '@meridian/language/method.ts';
import { methodAccess } from './actor.ts';
import type { MethodAccess } from './actor.ts';
import { httpRoutes } from './http-route.ts';
import type { AnyService } from './service.ts';

/** The access to each routed method of a declared service, by the method's path. */
export function routeAccess(service: AnyService): readonly (readonly [string, MethodAccess])[] {
  return (service.contract?.methods ?? [])
    .filter((method) => httpRoutes(method).length > 0)
    .map((method) => [
      methodPath(method),
      methodAccess(service, method, { routed: true, entered: true }),
    ]);
}
