import type { Metadata } from '@grpc/grpc-js';
import { IDEMPOTENCY_KEY_METADATA } from '../rpc/client-types.ts';
import { RpcError } from '../rpc/rpc-error.ts';

/** What of a call decides whose key it carries. */
export interface KeyedCall {
  /** SPIFFE ID of the calling service. */
  readonly peer: string;
  readonly metadata: Metadata;
  /** The signed context, where the call has one. */
  readonly context?: { readonly subject: string | undefined } | undefined;
}

/** Printable ASCII, as much as the table takes. */
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * Whose keys these are: the subject of the signed context, or, in a call that runs without a context, the
 * service that calls. The two cannot be taken for each other: no subject is a SPIFFE ID.
 *
 * @throws {RpcError} INVALID_ARGUMENT for a request of somebody who is not signed in: nothing tells two
 *   of them apart, and one would get what the other was answered.
 */
export function subjectOf({ context, peer }: KeyedCall): string {
  if (context === undefined) return peer;
  if (context.subject !== undefined) return context.subject;
  throw new RpcError(
    'INVALID_ARGUMENT',
    `${IDEMPOTENCY_KEY_METADATA} can be given here only by a caller who is signed in`,
  );
}

/** The key of a call, if it has one. @throws {RpcError} INVALID_ARGUMENT if it is not a key. */
export function idempotencyKeyOf({ metadata }: KeyedCall): string | undefined {
  const values = metadata.get(IDEMPOTENCY_KEY_METADATA);
  const [key] = values;
  if (key === undefined) return undefined;
  if (values.length === 1 && typeof key === 'string' && KEY.test(key)) return key;
  throw new RpcError(
    'INVALID_ARGUMENT',
    `${IDEMPOTENCY_KEY_METADATA} must be one value of 1 to 255 printable characters without spaces`,
  );
}
