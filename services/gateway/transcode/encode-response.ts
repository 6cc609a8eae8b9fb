import { toJson } from '@bufbuild/protobuf';
import type { JsonObject, Message } from '@bufbuild/protobuf';
import { isWellKnown } from './http-binding.ts';
import type { HttpBinding } from './http-binding.ts';

/** An HTTP response made of a gRPC response. */
export interface EncodedResponse {
  readonly body: string;
  /** RFC 9110 entity tag, if the resource in the body has an `etag` field that is not empty. */
  readonly etag: string | undefined;
}

/**
 * Writes a gRPC response as JSON, by the binding's `response_body`. Fields that hold their default
 * are written too, so that a reader can rely on their presence.
 */
export function encodeResponse(binding: HttpBinding, message: Message): EncodedResponse {
  const { output } = binding.method;
  // Messages of a generic service are typed by their descriptor only at run time.
  const whole = toJson(output, message, { alwaysEmitImplicit: true });
  if (binding.responseBody === undefined || isWellKnown(output)) {
    return { body: JSON.stringify(whole), etag: entityTag(whole) };
  }
  const part = (whole as JsonObject)[binding.responseBody.jsonName] ?? null;
  return { body: JSON.stringify(part), etag: entityTag(part) };
}

/** AIP-154 has the quotes inside the field; where a service leaves them out they are added. */
function entityTag(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('etag' in json)) return undefined;
  const { etag } = json;
  if (typeof etag !== 'string' || etag === '') return undefined;
  if (/^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(etag)) return etag;
  return /^[\x21\x23-\x7e]+$/.test(etag) ? `"${etag}"` : undefined;
}
