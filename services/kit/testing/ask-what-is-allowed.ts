import { fromBinary, getOption, hasOption } from '@bufbuild/protobuf';
import type { DescField, DescMethod, DescService, Message } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { validMessages } from '../constraints/testing/arbitraries.ts';
import { http } from '../contract/gen/google/api/annotations_pb.js';
import { ErrorInfoSchema } from '../contract/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '../contract/gen/google/rpc/status_pb.js';
import { raw_webhook } from '../contract/gen/meridian/type/v1/method_options_pb.js';
import { STATUS_DETAILS_KEY } from '../rpc/error-details.ts';
import type { Handlers, ServerCall } from '../rpc/handlers.ts';
import { RpcError } from '../rpc/rpc-error.ts';

/** How requests are made and sent. */
export interface AskedOptions {
  /** Requests to each method. */
  readonly numRuns: number;
  /** Ids of what there is, by the local name of a field: half of the requests have them. */
  readonly known: Readonly<Record<string, string>>;
  readonly call: () => ServerCall;
}

type AnyHandler = (request: unknown, call: ServerCall) => unknown;

/**
 * Asks the methods that users reach for what their contract allows. Only what there is may stand against
 * it: throws, with the request, what blames the request and names no reason of its own, or is a bug.
 */
export async function askWhatIsAllowed<S extends DescService>(
  service: S,
  handlers: Handlers<S>,
  { numRuns, known, call }: AskedOptions,
): Promise<void> {
  const byName = handlers as Readonly<Record<string, AnyHandler>>;
  for (const method of service.methods.filter(isForUsers)) {
    const handler = byName[method.localName];
    const ids = method.input.fields.flatMap(({ localName }: DescField) =>
      known[localName] === undefined ? [] : [[localName, known[localName]]],
    );
    const requests = fc
      .tuple(validMessages(method.input), fc.boolean())
      .map(([request, isKnown]): Message =>
        isKnown ? Object.assign(request, Object.fromEntries(ids) as object) : request,
      );
    const ask = async (request: Message): Promise<void> => {
      try {
        await handler?.(request, call());
      } catch (error) {
        if (!isOfTheState(error)) throw error;
      }
    };
    await fc.assert(fc.asyncProperty(requests, ask), { numRuns });
  }
}

function isForUsers(method: DescMethod): boolean {
  const hasRoute = hasOption(method, http) && getOption(method, http).pattern.case !== undefined;
  return hasRoute && !hasOption(method, raw_webhook);
}

function isOfTheState(error: unknown): boolean {
  if (!(error instanceof RpcError)) return false;
  if (error.status !== 'INVALID_ARGUMENT') return error.status !== 'INTERNAL';
  const [bytes] = error.metadata?.get(STATUS_DETAILS_KEY) ?? [];
  if (!(bytes instanceof Uint8Array)) return false;
  const { details } = fromBinary(StatusSchema, bytes);
  return details.some((any) => anyUnpack(any, ErrorInfoSchema)?.reason !== undefined);
}
