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

/** Field number of the `raw_webhook` extension. Source: meridian/type/v1/method_options.proto. */
const RAW_WEBHOOK_EXTENSION_NUMBER = 50002;

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
 * The routes by which users reach a method, as its google.api.http annotation declares them, the main one
 * first; empty for a method without one, and for one that takes webhooks.
 */
export function httpRoutes(method: DescMethod): readonly HttpRoute[] {
  return takesWebhooks(method) ? [] : annotatedRoutes(method);
}

/** The routes by which systems outside the platform reach a method that takes their webhooks; else empty. */
export function webhookRoutes(method: DescMethod): readonly HttpRoute[] {
  return takesWebhooks(method) ? annotatedRoutes(method) : [];
}

/** Whether a method's raw_webhook annotation says so. */
export function takesWebhooks(method: DescMethod): boolean {
  return optionsOf(method).some(({ no }) => no === RAW_WEBHOOK_EXTENSION_NUMBER);
}

function annotatedRoutes(method: DescMethod): readonly HttpRoute[] {
  return optionsOf(method)
    .filter(({ no }) => no === HTTP_EXTENSION_NUMBER)
    .flatMap(({ data }) => readRule(new BinaryReader(data).bytes()));
}

/**
 * The options that protobuf itself does not know, in their wire form: the generated extensions belong to the
 * contracts, and the model imports nothing of ours.
 */
function optionsOf(method: DescMethod) {
  return method.proto.options?.$unknown ?? [];
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
