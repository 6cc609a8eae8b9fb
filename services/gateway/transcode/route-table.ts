import type { DescService } from '@bufbuild/protobuf';
import { httpBindings } from './http-binding.ts';
import type { HttpBinding } from './http-binding.ts';
import { matchPath, shape, specificity } from './path-template.ts';
import type { PathValue } from './path-template.ts';

/** Every HTTP binding that the gateway serves; the router and the OpenAPI document both read it. */
export interface RouteTable {
  /** Sorted: the more specific path first, then by path and verb. */
  readonly bindings: readonly HttpBinding[];
}

/** What a path leads to. */
export type RouteMatch =
  | {
      readonly kind: 'found';
      readonly binding: HttpBinding;
      readonly pathValues: readonly PathValue[];
    }
  /** The path exists, the verb does not: the verbs that do. */
  | { readonly kind: 'wrong-verb'; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown' };

/**
 * Builds the table of all annotated methods of these services.
 *
 * @throws {Error} if two methods claim the same verb and path: a mistake in a .proto file.
 */
export function buildRouteTable(services: readonly DescService[]): RouteTable {
  const bindings = services
    .flatMap(({ methods }) => methods.flatMap(httpBindings))
    .sort((a, b) => compare(sortKey(a), sortKey(b)));
  const claims = new Map<string, HttpBinding>();
  for (const binding of bindings) {
    const claim = `${binding.verb} ${shape(binding.template)}`;
    const other = claims.get(claim);
    if (other !== undefined) {
      const names = [other, binding].map(
        ({ method }) => `${method.parent.typeName}.${method.name}`,
      );
      throw new Error(`${claim} is claimed by ${names.join(' and ')}`);
    }
    claims.set(claim, binding);
  }
  return { bindings };
}

/**
 * Finds the binding for a verb and a raw path (still percent-encoded, without the query). HEAD is
 * answered by GET's binding.
 *
 * @throws {URIError} if a path value is not valid percent-encoded UTF-8.
 */
export function findRoute(table: RouteTable, verb: string, rawPath: string): RouteMatch {
  const wanted = verb === 'HEAD' ? 'GET' : verb;
  const allowed = new Set<string>();
  for (const binding of table.bindings) {
    const pathValues = matchPath(binding.template, rawPath);
    if (pathValues === undefined) continue;
    if (binding.verb === wanted) return { kind: 'found', binding, pathValues };
    allowed.add(binding.verb);
    if (binding.verb === 'GET') allowed.add('HEAD');
  }
  return allowed.size === 0
    ? { kind: 'unknown' }
    : { kind: 'wrong-verb', allowed: [...allowed, 'OPTIONS'].sort(compare) };
}

function sortKey({ template, verb }: HttpBinding): string {
  return `${specificity(template)} ${shape(template)} ${verb}`;
}

/** By code unit: the same on every machine, whatever its locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
