import type { DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Metadata } from '@grpc/grpc-js';
import type { RequestContext } from '../context/request-context.ts';
import type { Logger } from '../telemetry/logger.ts';

/** What a handler knows about the call that it serves. */
export interface ServerCall {
  /** Full method name, such as 'meridian.catalog.v1.CatalogService/GetProduct'. */
  readonly method: string;
  /** SPIFFE ID of the caller, from its certificate. */
  readonly peer: string;
  /**
   * Whom the call is made for, verified; undefined only where the graph lets the system act, and
   * the system does.
   */
  readonly context: RequestContext | undefined;
  /** When the caller stops waiting, in milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** Aborted when the caller cancels or the deadline passes. */
  readonly signal: AbortSignal;
  /** Metadata of the request. */
  readonly metadata: Metadata;
  readonly log: Logger;
  /**
   * Waits for something without one of the places of calls at work, which are few. Throws UNAVAILABLE if
   * there is no place when the wait is over. For a wait that the contract offers, of at most
   * LONGEST_WAIT_MS, whose number the service bounds.
   */
  aside<T>(wait: () => Promise<T>): Promise<T>;
}

type Input<M extends DescMethod> = MessageShape<M['input']>;
type Output<M extends DescMethod> = MessageInitShape<M['output']>;

/** The handler of one method; the method's kind decides which sides are streams. */
export type Handler<M extends DescMethod> = M['methodKind'] extends 'unary'
  ? (request: Input<M>, call: ServerCall) => Promise<Output<M>> | Output<M>
  : M['methodKind'] extends 'client_streaming'
    ? (requests: AsyncIterable<Input<M>>, call: ServerCall) => Promise<Output<M>>
    : M['methodKind'] extends 'server_streaming'
      ? (request: Input<M>, call: ServerCall) => AsyncIterable<Output<M>>
      : (requests: AsyncIterable<Input<M>>, call: ServerCall) => AsyncIterable<Output<M>>;

/** The handlers of a contract: one for each of its methods, by the name in TypeScript. */
export type Handlers<S extends DescService> = {
  readonly [K in keyof S['method']]: Handler<S['method'][K]>;
};
