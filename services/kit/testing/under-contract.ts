import type { DescService, Message } from '@bufbuild/protobuf';
import { requestCheck } from '../constraints/check-request.ts';
import type { Handlers, ServerCall } from '../rpc/handlers.ts';

type AnyHandler = (request: unknown, call: ServerCall) => unknown;

/** Handlers of unary methods as a server calls them: a request that its contract does not allow is refused. */
export function underContract<S extends DescService>(
  service: S,
  handlers: Handlers<S>,
): Handlers<S> {
  const byName = handlers as Readonly<Record<string, AnyHandler>>;
  const checked = service.methods.map(({ localName, input }) => {
    const check = requestCheck(input);
    const handler: AnyHandler = async (request, call) => {
      check?.(request as Message);
      return await byName[localName]?.(request, call);
    };
    return [localName, handler];
  });
  return Object.fromEntries(checked) as Handlers<S>;
}
