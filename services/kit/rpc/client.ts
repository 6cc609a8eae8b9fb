import { once } from 'node:events';
import type { DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { Client as GrpcClient } from '@grpc/grpc-js';
import type {
  CallOptions as GrpcCallOptions,
  ChannelCredentials,
  ClientDuplexStream,
  ClientReadableStream,
  ClientWritableStream,
} from '@grpc/grpc-js';
import type { Metrics } from '../telemetry/metrics.ts';
import { clientCallTimer } from './rpc-metrics.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { CHANNEL_OPTIONS } from './channel-options.ts';
import type { CallOptions, Client } from './client-types.ts';
import { AttemptOptions } from './least-busy.ts';
import { OutgoingCall } from './outgoing-call.ts';
import type { CallTelemetry } from './outgoing-call.ts';
import { PeerChannels } from './peer-channels.ts';
import type { PeerTargets } from './peer-channels.ts';
import { Repetition } from './repetition.ts';
import type { Retries } from './repetition.ts';
import { methodCodec } from './service-definition.ts';
import type { MethodCodec } from './service-definition.ts';
import { UnaryCall } from './unary-call.ts';
import type { SendOnce } from './unary-call.ts';

/** What a client is made of. */
export interface RpcClientOptions<S extends DescService> {
  /** Name of the peer, for errors. */
  readonly name: string;
  readonly service: S;
  readonly targets: PeerTargets;
  readonly credentials: ChannelCredentials;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** Of the process that a request comes in by; any other sends its calls once. @default none */
  readonly retries?: Retries | undefined;
}

type Request<M extends DescMethod> = MessageInitShape<M['input']>;
type Response<M extends DescMethod> = MessageShape<M['output']>;
type Writable<M extends DescMethod> =
  ClientWritableStream<Request<M>> | ClientDuplexStream<Request<M>, Response<M>>;

/** Calls the replicas of one service, by descriptor: what transcoding needs. */
export class RpcClient<S extends DescService = DescService> {
  readonly name: string;
  readonly service: S;
  readonly #channels: PeerChannels;
  readonly #telemetry: CallTelemetry;
  readonly #retries: Retries | undefined;

  constructor(options: RpcClientOptions<S>) {
    const { name, service, targets, credentials, metrics, tracing } = options;
    this.name = name;
    this.service = service;
    this.#telemetry = { timer: clientCallTimer(metrics.registry), tracing };
    this.#retries = options.retries;
    this.#channels = new PeerChannels(
      (target) => new GrpcClient(target, credentials, CHANNEL_OPTIONS),
      targets,
    );
  }

  /** Calls a unary method; throws an RpcError with `origin` set. */
  unary<M extends DescMethod>(
    method: M,
    request: Request<M>,
    options?: CallOptions,
  ): Promise<Response<M>> {
    const outgoing = this.#outgoing(method, options);
    const codec = methodCodec(method);
    return new Promise((resolve, reject) => {
      const bytes = encodeFor(outgoing, codec, request);
      const sendOnce: SendOnce<Response<M>> = (ended) =>
        this.#grpcFor(outgoing).makeUnaryRequest(
          codec.path,
          asBytes,
          codec.deserialize,
          bytes,
          outgoing.metadata,
          grpcOptions(outgoing),
          ended,
        );
      this.#retries?.budget.noteCall();
      const repetition =
        this.#retries && Repetition.of(this.#retries, method, options, outgoing.deadlineMs);
      if (repetition !== undefined) outgoing.metadata.setOptions(new AttemptOptions());
      new UnaryCall(outgoing, sendOnce, { resolve, reject }, repetition).start(options?.signal);
    });
  }

  /** Sends a stream of requests, and resolves to the one answer. */
  clientStreaming<M extends DescMethod>(
    method: M,
    requests: AsyncIterable<Request<M>>,
    options?: CallOptions,
  ): Promise<Response<M>> {
    const outgoing = this.#outgoing(method, options);
    const codec = methodCodec(method);
    return new Promise((resolve, reject) => {
      outgoing.carryContext(codec.path, undefined);
      const call = this.#grpcFor(outgoing).makeClientStreamRequest(
        codec.path,
        codec.serialize,
        codec.deserialize,
        outgoing.metadata,
        grpcOptions(outgoing),
        (error, response) => {
          if (error === null && response !== undefined) {
            outgoing.succeed();
            resolve(response);
          } else {
            reject(outgoing.fail(error, head.begun));
          }
        },
      );
      const head = headOf(call);
      outgoing.cancelWith(call, options?.signal);
      sendAll<M>(call, requests).catch((error: unknown) => {
        // The source of the requests failed: that, not the cancellation, is what the caller sees.
        reject(error instanceof Error ? error : new Error(String(error)));
        call.cancel();
      });
    });
  }

  /** Sends one request, and iterates over the answers. */
  serverStreaming<M extends DescMethod>(
    method: M,
    request: Request<M>,
    options?: CallOptions,
  ): AsyncGenerator<Response<M>, void> {
    const outgoing = this.#outgoing(method, options);
    const codec = methodCodec(method);
    const bytes = encodeFor(outgoing, codec, request);
    const call = this.#grpcFor(outgoing).makeServerStreamRequest(
      codec.path,
      asBytes,
      codec.deserialize,
      bytes,
      outgoing.metadata,
      grpcOptions(outgoing),
    );
    outgoing.cancelWith(call, options?.signal);
    return receiveAll<M>(call, outgoing, headOf(call));
  }

  /** Sends a stream of requests while iterating over the answers. */
  bidiStreaming<M extends DescMethod>(
    method: M,
    requests: AsyncIterable<Request<M>>,
    options?: CallOptions,
  ): AsyncGenerator<Response<M>, void> {
    const outgoing = this.#outgoing(method, options);
    const codec = methodCodec(method);
    outgoing.carryContext(codec.path, undefined);
    const call = this.#grpcFor(outgoing).makeBidiStreamRequest(
      codec.path,
      codec.serialize,
      codec.deserialize,
      outgoing.metadata,
      grpcOptions(outgoing),
    );
    outgoing.cancelWith(call, options?.signal);
    sendAll<M>(call, requests).catch((error: unknown) => call.destroy(error as Error));
    return receiveAll<M>(call, outgoing, headOf(call));
  }

  /** Leads calls that begin from now on elsewhere. */
  retarget(targets: PeerTargets): void {
    this.#channels.retarget(targets);
  }

  /** Closes the channels; calls in flight finish, and those that wait for a connection fail. */
  close(): void {
    this.#channels.close();
  }

  #grpcFor({ colour }: OutgoingCall): GrpcClient {
    return this.#channels.of(colour);
  }

  #outgoing(method: DescMethod, options: CallOptions | undefined): OutgoingCall {
    return new OutgoingCall(this.name, method, options, this.#telemetry);
  }
}

/** The same client with one typed function for each method of its contract. */
export function typedClient<S extends DescService>(client: RpcClient<S>): Client<S> {
  const methods = client.service.methods.map((method) => [method.localName, bind(client, method)]);
  return Object.fromEntries(methods) as Client<S>;
}

function bind(client: RpcClient, method: DescMethod): unknown {
  switch (method.methodKind) {
    case 'unary':
      return client.unary.bind(client, method);
    case 'client_streaming':
      return client.clientStreaming.bind(client, method);
    case 'server_streaming':
      return client.serverStreaming.bind(client, method);
    case 'bidi_streaming':
      return client.bidiStreaming.bind(client, method);
  }
}

/**
 * Encodes a request once, so that what is signed is what is sent. Throws an RpcError for one that
 * does not fit its message.
 */
function encodeFor<M extends DescMethod>(
  outgoing: OutgoingCall,
  codec: MethodCodec<M>,
  request: Request<M>,
): Buffer {
  let bytes: Buffer;
  try {
    bytes = codec.serialize(request);
  } catch (cause) {
    throw outgoing.fail(cause);
  }
  outgoing.carryContext(codec.path, bytes);
  return bytes;
}

function asBytes(bytes: Buffer): Buffer {
  return bytes;
}

function grpcOptions(outgoing: OutgoingCall): GrpcCallOptions {
  return { deadline: outgoing.deadlineMs };
}

/** Whether the head of an answer has come. */
interface Head {
  readonly begun: boolean;
}

function headOf(call: { once(event: 'metadata', listener: () => void): unknown }): Head {
  const head = { begun: false };
  call.once('metadata', () => (head.begun = true));
  return head;
}

async function sendAll<M extends DescMethod>(
  call: Writable<M>,
  requests: AsyncIterable<Request<M>>,
): Promise<void> {
  const ended = new AbortController();
  call.once('close', () => ended.abort());
  // The status arrives by the callback or the iteration; a late write has nothing to add to it.
  call.on('error', () => undefined);
  for await (const request of requests) {
    if (call.writableEnded || call.destroyed) return;
    if (!call.write(request)) {
      await once(call, 'drain', { signal: ended.signal }).catch(() => undefined);
    }
  }
  call.end();
}

async function* receiveAll<M extends DescMethod>(
  call: ClientReadableStream<Response<M>> | ClientDuplexStream<Request<M>, Response<M>>,
  outgoing: OutgoingCall,
  head: Head,
): AsyncGenerator<Response<M>, void> {
  try {
    for await (const response of call) yield response as Response<M>;
    outgoing.succeed();
  } catch (error) {
    throw outgoing.fail(error, head.begun);
  } finally {
    outgoing.abandon();
    call.cancel();
  }
}
