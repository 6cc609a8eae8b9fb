import { once } from 'node:events';
import type { DescMethod, DescService, Message } from '@bufbuild/protobuf';
import type {
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  UntypedHandleCall,
  UntypedServiceImplementation,
  sendUnaryData,
} from '@grpc/grpc-js';
import { requestCheck } from '../constraints/check-request.ts';
import type { Access, CallChain } from './call-chain.ts';
import type { Handlers } from './handlers.ts';
import { peerIdentity } from './peer-identity.ts';
import { RpcError } from './rpc-error.ts';
import type { ServedCall } from './served-call.ts';
import { decode, encode, streamsRequests, streamsResponses } from './service-definition.ts';

type Unary = ServerUnaryCall<Buffer, Buffer>;
type Readable = ServerReadableStream<Buffer, Buffer>;
type Writable = ServerWritableStream<Buffer, Buffer>;
type Duplex = ServerDuplexStream<Buffer, Buffer>;

/** A handler without the types of its messages, which its descriptor carries at run time. */
type AnyHandler = (request: unknown, call: ServedCall) => unknown;

/** Makes typed handlers into what grpc-js calls, each behind the chain. */
export function adaptHandlers<S extends DescService>(
  service: S,
  handlers: Handlers<S>,
  chain: CallChain,
  access: Access,
): UntypedServiceImplementation {
  const byName = handlers as Readonly<Record<string, AnyHandler>>;
  return Object.fromEntries(
    service.methods.map((method) => {
      const handler = byName[method.localName];
      if (handler === undefined) {
        throw new Error(`${service.typeName}: there is no handler for ${method.localName}`);
      }
      return [method.localName, adapt(method, handler, chain, access)];
    }),
  );
}

function adapt(
  method: DescMethod,
  handler: AnyHandler,
  chain: CallChain,
  access: Access,
): UntypedHandleCall {
  const serve = chain.server(method, access);
  const parse = parserOf(method);
  const received = (call: Unary | Writable | Readable | Duplex): Buffer | undefined =>
    streamsRequests(method) ? undefined : (call as Unary | Writable).request;
  const requestOf = (call: Unary | Writable | Readable | Duplex): unknown =>
    streamsRequests(method)
      ? requests(parse, call as Readable | Duplex)
      : parse((call as Unary | Writable).request);
  if (streamsResponses(method)) {
    return (call: Writable | Duplex) => {
      const fail = failStream(call);
      void serve(call, peerIdentity(call), {
        request: received(call),
        run: async (served) => {
          const responses = handler(requestOf(call), served) as AsyncIterable<never>;
          await writeAll(method, call, served, responses);
        },
        fail,
      });
    };
  }
  return (call: Unary | Readable, callback: sendUnaryData<Buffer>) => {
    let answered = false;
    const answer: sendUnaryData<Buffer> = (error, response) => {
      if (answered) return;
      answered = true;
      callback(error, response);
    };
    void serve(call, peerIdentity(call), {
      request: received(call),
      run: async (served) => {
        const response = (await handler(requestOf(call), served)) as never;
        if (served.cancelled) throw new RpcError('CANCELLED', 'nobody waits for the answer');
        answer(null, encode(method.output, response));
      },
      fail: (error) => answer(statusOf(error)),
    });
  };
}

/** Gives the message of a request. Throws INVALID_ARGUMENT for one that the contract does not allow. */
type Parse = (bytes: Buffer) => unknown;

function parserOf(method: DescMethod): Parse {
  const check = requestCheck(method.input);
  return (bytes) => {
    const request = read(method, bytes);
    check?.(request);
    return request;
  };
}

function read(method: DescMethod, bytes: Buffer): Message {
  try {
    return decode(method.input, bytes);
  } catch (cause) {
    throw new RpcError('INVALID_ARGUMENT', `the request is not a ${method.input.typeName}`, {
      cause,
    });
  }
}

async function* requests(parse: Parse, call: Readable | Duplex): AsyncGenerator {
  // A handler that stops reading early must still be able to answer on the same stream.
  for await (const bytes of call.iterator({ destroyOnReturn: false })) {
    yield parse(bytes as Buffer);
  }
}

async function writeAll(
  method: DescMethod,
  call: Writable | Duplex,
  served: ServedCall,
  responses: AsyncIterable<never>,
): Promise<void> {
  for await (const response of responses) {
    if (served.cancelled) throw new RpcError('CANCELLED', 'nobody waits for the answer');
    if (!call.write(encode(method.output, response))) {
      await once(call, 'drain', { signal: served.signal });
    }
  }
  if (served.cancelled) throw new RpcError('CANCELLED', 'nobody waits for the answer');
  call.end();
}

function failStream(call: Writable | Duplex): (error: RpcError) => void {
  let failed = false;
  return (error) => {
    if (failed || call.writableEnded) return;
    failed = true;
    // The way that grpc-js has for a stream to end with a status.
    call.emit('error', statusOf(error));
  };
}

/** What goes over the wire: status, message and metadata, never the cause. */
function statusOf(error: RpcError): Error & { code: number; details: string } {
  return Object.assign(new Error(error.message), {
    code: error.code,
    details: error.message,
    ...(error.metadata === undefined ? {} : { metadata: error.metadata }),
  });
}
