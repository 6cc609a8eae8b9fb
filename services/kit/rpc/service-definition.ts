import { create, fromBinary, getOption, toBinary } from '@bufbuild/protobuf';
import type {
  DescMethod,
  DescService,
  MessageInitShape,
  MessageShape,
  DescMessage,
} from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Idempotency } from '@bufbuild/protobuf/wkt';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import { methodName, methodPath } from '@meridian/language/method.ts';
import { honours_idempotency_key } from '../contract/gen/meridian/type/v1/method_options_pb.js';

/** Whether doing it twice does no more than doing it once, by its descriptor. */
export function isIdempotent(method: DescMethod): boolean {
  return (
    method.idempotency === Idempotency.NO_SIDE_EFFECTS ||
    method.idempotency === Idempotency.IDEMPOTENT
  );
}

/** Whether it changes nothing, by its descriptor. */
export function isRead(method: DescMethod): boolean {
  return method.idempotency === Idempotency.NO_SIDE_EFFECTS;
}

/** When a caller that got no answer may send its call again. */
export type Repeatability = 'always' | 'under-key' | 'never';

const repeatabilities = new WeakMap<DescMethod, Repeatability>();

/** That of a method, by its contract: it is idempotent, honours idempotency keys, or neither. */
export function repeatability(method: DescMethod): Repeatability {
  let known = repeatabilities.get(method);
  if (known === undefined) {
    const underKey = getOption(method, honours_idempotency_key) ? 'under-key' : 'never';
    known = isIdempotent(method) ? 'always' : underKey;
    repeatabilities.set(method, known);
  }
  return known;
}

/** A message as bytes; what is given may be a message or its initialiser. */
export function encode<M extends DescMessage>(schema: M, message: MessageInitShape<M>): Buffer {
  const bytes = toBinary(schema, create(schema, message));
  // A view, not a copy: grpc-js asks for a Buffer.
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A message from bytes; throws if they are malformed. */
export function decode<M extends DescMessage>(schema: M, bytes: Uint8Array): MessageShape<M> {
  return fromBinary(schema, bytes);
}

const pass = (bytes: Buffer): Buffer => bytes;

/**
 * The definition that grpc-js serves a contract by. Messages pass as bytes: they are decoded only
 * after the caller has been let in, and a malformed one is the caller's mistake (INVALID_ARGUMENT),
 * not ours.
 */
export function serviceDefinition(service: DescService): ServiceDefinition {
  return Object.fromEntries(
    service.methods.map((method): [string, MethodDefinition<Buffer, Buffer>] => [
      method.localName,
      {
        path: methodPath(method),
        requestStream: streamsRequests(method),
        responseStream: streamsResponses(method),
        requestSerialize: pass,
        requestDeserialize: pass,
        responseSerialize: pass,
        responseDeserialize: pass,
      },
    ]),
  );
}

/** Whether the caller sends a stream. */
export function streamsRequests(method: DescMethod): boolean {
  return method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming';
}

/** Whether the server answers with a stream. */
export function streamsResponses(method: DescMethod): boolean {
  return method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming';
}

/** What a client needs of a method, made once: descriptors live as long as the program. */
export interface MethodCodec<M extends DescMethod = DescMethod> {
  readonly path: string;
  readonly name: string;
  readonly serialize: (message: MessageInitShape<M['input']>) => Buffer;
  readonly deserialize: (bytes: Buffer) => MessageShape<M['output']>;
}

const codecs = new WeakMap<DescMethod, MethodCodec>();

/** The codec of a method, from a cache. */
export function methodCodec<M extends DescMethod>(method: M): MethodCodec<M> {
  let codec = codecs.get(method) as MethodCodec<M> | undefined;
  if (codec === undefined) {
    const { input, output }: { input: M['input']; output: M['output'] } = method;
    codec = {
      path: methodPath(method),
      name: methodName(method),
      serialize: (message) => encode(input, message),
      deserialize: (bytes) => decode(output, bytes),
    };
    codecs.set(method, codec);
  }
  return codec;
}
