import { create } from '@bufbuild/protobuf';
import type { DescService } from '@bufbuild/protobuf';
import { Metadata } from '@grpc/grpc-js';
import type { CallOptions, Client } from '@meridian/kit/rpc/client-types.ts';
import { IDEMPOTENCY_KEY_METADATA } from '@meridian/kit/rpc/client-types.ts';
import type { Handlers, ServerCall } from '@meridian/kit/rpc/handlers.ts';

/** Who a call is made for. */
export interface CallBy {
  readonly subject?: string;
  readonly roles?: readonly string[];
  readonly key?: string;
  readonly signal?: AbortSignal;
}

/** A call as handlers see it; without a subject it is the system's own. */
export function callBy({ subject, roles = ['customer'], key, signal }: CallBy = {}): ServerCall {
  const metadata = new Metadata();
  if (key !== undefined) metadata.set(IDEMPOTENCY_KEY_METADATA, key);
  const context = { subject, roles, requestId: 'request-1', entryMethod: '/test' };
  return {
    metadata,
    peer: 'spiffe://meridian.local/ns/meridian/sa/test',
    context: subject === undefined ? undefined : context,
    deadlineMs: Date.now() + 60_000,
    signal: signal ?? new AbortController().signal,
    aside: (wait: () => Promise<unknown>) => wait(),
  } as ServerCall;
}

/** A client whose calls are those of the handlers in this process; `before` is asked before each. */
export function clientOf<S extends DescService>(
  service: S,
  handlers: Handlers<S>,
  before: (method: string) => Promise<void> | void = () => undefined,
): Client<S> {
  const byName = handlers as Readonly<
    Record<string, (request: unknown, call: ServerCall) => unknown>
  >;
  const methods = service.methods.map((method) => [
    method.localName,
    async (given: never, options?: CallOptions) => {
      await before(method.localName);
      const key = options?.idempotencyKey;
      const call = callBy(key === undefined ? {} : { key });
      const answer = await byName[method.localName]?.(create(method.input, given), call);
      return create(method.output, answer as never);
    },
  ]);
  return Object.fromEntries(methods) as Client<S>;
}
