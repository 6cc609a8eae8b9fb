import type { DescMethod } from '@bufbuild/protobuf';
import { letsIn, ROLES } from '@meridian/language/access.ts';
import type { Actor } from '@meridian/language/service-configuration.ts';
import { compareText } from './order.ts';
import type { AnyService } from './service.ts';

/** What a declaration says of one method: who may act through it, and in which roles. */
export interface MethodAccess {
  /** Sorted. */
  readonly actors: readonly Actor[];
  /** Of which a user needs one, sorted; empty where every user will do. */
  readonly roles: readonly string[];
}

/**
 * The access to a method.
 *
 * @param entered whether requests reach it: by a route of its own, or through a service that calls it
 */
export function methodAccess(
  service: Pick<AnyService, 'systemMethods' | 'access'>,
  method: DescMethod,
  how: { readonly routed: boolean; readonly entered: boolean },
): MethodAccess {
  const name = method.localName;
  const row = service.access[name];
  // Without a row the request was let in, or refused, where it entered.
  const anonymous = how.routed ? row !== undefined && letsIn(row.anonymous) : how.entered;
  const roles = row === undefined ? [] : ROLES.filter((role) => letsIn(row[role]));
  const actors: Actor[] = [
    ...(service.systemMethods.includes(name) ? (['system'] as const) : []),
    ...(anonymous ? (['anonymous'] as const) : []),
    ...(how.routed || how.entered ? (['user'] as const) : []),
  ];
  return {
    actors: actors.toSorted(compareText),
    roles: roles.length === ROLES.length ? [] : roles.toSorted(compareText),
  };
}
