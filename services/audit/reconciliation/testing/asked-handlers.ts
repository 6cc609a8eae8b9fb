import { create } from '@bufbuild/protobuf';
import type {
  DescMessage,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';

/** A call by a program, as far as these handlers look at it. */
const CALL = { peer: 'spiffe://meridian.local/ns/meridian/sa/audit-reconciliation' } as ServerCall;

/** Asks a handler as a client would ask its service, without a wire between. */
export function asked<Input extends DescMessage, Output extends DescMessage>(
  { input, output }: DescMethodUnary<Input, Output>,
  handler: (
    request: MessageShape<Input>,
    call: ServerCall,
  ) => Promise<MessageInitShape<Output>> | MessageInitShape<Output>,
): (request: MessageInitShape<Input>) => Promise<MessageShape<Output>> {
  return async (request) => create(output, await handler(create(input, request), CALL));
}
