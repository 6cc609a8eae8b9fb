import type { DescMethod } from '@bufbuild/protobuf';
import { methodPath } from '@meridian/language/method.ts';

/** What a method asks of its caller. */
export interface RouteAccess {
  /** Whether it needs no token. */
  readonly anonymous: boolean;
  /** Of which the caller needs one; empty where every one with a token may call. */
  readonly roles: readonly string[];
}

/** The access to methods by their path on the wire. */
export type AccessTable = ReadonlyMap<string, RouteAccess>;

/** What the graph says of a method; what it says nothing of is for those with a token only. */
const BY_DEFAULT: RouteAccess = { anonymous: false, roles: [] };

/** The access to a method. */
export function accessTo(table: AccessTable, method: DescMethod): RouteAccess {
  return table.get(methodPath(method)) ?? BY_DEFAULT;
}

/** The table that rules make, as service.json or the declarations have them. */
export function accessTable(
  rules: Readonly<
    Record<string, { readonly actors: readonly string[]; readonly roles: readonly string[] }>
  >,
): AccessTable {
  return new Map(
    Object.entries(rules).map(([path, { actors, roles }]) => [
      path,
      { anonymous: actors.includes('anonymous'), roles },
    ]),
  );
}
