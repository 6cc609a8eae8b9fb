import type { DescMethod } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** The verbs that google.api.http knows by name. */
export type HttpVerb = 'GET' | 'PUT' | 'POST' | 'DELETE' | 'PATCH';

/** One way to reach a method through the edge: a verb and a path template. */
export interface HttpRoute {
  readonly verb: HttpVerb;
  /** The template as annotated, such as '/v1/products/{product_id}'. */
  readonly path: string;
}

/** Field number of the `http` extension of MethodOptions. Source: google/api/annotations.proto. */
const HTTP_EXTENSION_NUMBER = 72295728;

/** Field numbers of HttpRule. Source: google/api/http.proto. */
const VERB_BY_FIELD: ReadonlyMap<number, HttpVerb> = new Map<number, HttpVerb>([
  [2, 'GET'],
  [3, 'PUT'],
  [4, 'POST'],
  [5, 'DELETE'],
  [6, 'PATCH'],
]);
const ADDITIONAL_BINDINGS_FIELD = 11;

/**
 * The routes that a method's google.api.http annotation declares, the main one first; empty for a
 * method without one. The option is read from its wire form, because the generated extension
 * belongs to the contracts and the model imports nothing of ours.
 */
export function httpRoutes(method: DescMethod): readonly HttpRoute[] {
  const options = method.proto.options?.$unknown ?? [];
  return options
    .filter((field) => field.no === HTTP_EXTENSION_NUMBER)
    .flatMap((field) => readRule(new BinaryReader(field.data).bytes()));
}

function readRule(rule: Uint8Array): readonly HttpRoute[] {
  const routes: HttpRoute[] = [];
  const reader = new BinaryReader(rule);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    const verb = VERB_BY_FIELD.get(field);
    if (verb !== undefined && wireType === WireType.LengthDelimited) {
      routes.push({ verb, path: reader.string() });
    } else if (field === ADDITIONAL_BINDINGS_FIELD && wireType === WireType.LengthDelimited) {
      routes.push(...readRule(reader.bytes()));
    } else {
      reader.skip(wireType, field);
    }
  }
  return routes;
}
