import { getOption, hasOption } from '@bufbuild/protobuf';
import type { DescField, DescMethod, DescService, Message } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { validMessages } from '../constraints/testing/arbitraries.ts';
import { http } from '../contract/gen/google/api/annotations_pb.js';
import { raw_webhook } from '../contract/gen/meridian/type/v1/method_options_pb.js';
import type { Handlers, ServerCall } from '../rpc/handlers.ts';
import { RpcError } from '../rpc/rpc-error.ts';
import { reasonOf } from './reason-of.ts';

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
 * it: throws, with the request, what blames it or the state and names no reason of its own, or is a bug.
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
  if (error.status === 'INTERNAL') return false;
  // These say too little by themselves.
  const tells = error.status !== 'INVALID_ARGUMENT' && error.status !== 'FAILED_PRECONDITION';
  return tells || reasonOf(error) !== undefined;
}
