import type { DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Metadata } from '@grpc/grpc-js';
import type {
  CalleeContract,
  CalleeMethod,
  CalleeName,
  Caller,
} from '@meridian/components/model/client-types.ts';

/** Options of one call. */
export interface CallOptions {
  /**
   * How long to wait; the remaining time of the call being served shortens it, never lengthens it.
   * @default DEFAULT_CALL_TIMEOUT_MS
   */
  readonly timeoutMs?: number;
  /** Cancels the call; the call being served cancels it too. */
  readonly signal?: AbortSignal;
  /** Metadata to send. */
  readonly metadata?: Metadata;
  /**
   * How much of that time the peer has been asked to wait for a change: for so long its silence says nothing.
   * @default 0
   */
  readonly waitMs?: number;
  /**
   * Whether it is asked all the time, whatever users do: of such calls few are traced.
   * @default false
   */
  readonly isPoll?: boolean;
  /** Under which the peer does this at most once, however often it is sent. @default none */
  readonly idempotencyKey?: string;
}

/** Metadata that carries the idempotency key of a call. */
export const IDEMPOTENCY_KEY_METADATA = 'idempotency-key';

/** A call without an own timeout, outside of a served call, waits this long. */
export const DEFAULT_CALL_TIMEOUT_MS = 10_000;

type Input<M extends DescMethod> = MessageInitShape<M['input']>;
type Output<M extends DescMethod> = MessageShape<M['output']>;

/** A method of a client; it throws an RpcError with `origin` set. */
export type ClientMethod<M extends DescMethod> = M['methodKind'] extends 'unary'
  ? (request: Input<M>, options?: CallOptions) => Promise<Output<M>>
  : M['methodKind'] extends 'client_streaming'
    ? (requests: AsyncIterable<Input<M>>, options?: CallOptions) => Promise<Output<M>>
    : M['methodKind'] extends 'server_streaming'
      ? (request: Input<M>, options?: CallOptions) => AsyncIterable<Output<M>>
      : (requests: AsyncIterable<Input<M>>, options?: CallOptions) => AsyncIterable<Output<M>>;

/** A client of a whole contract. */
export type Client<S extends DescService> = {
  readonly [K in keyof S['method']]: ClientMethod<S['method'][K]>;
};

/** The contract of a callee, known to be one. */
type ContractOf<Declaration extends Caller, Name extends string> =
  CalleeContract<Declaration, Name> extends infer S extends DescService ? S : never;

/** Contracts of the services that a declaration calls, by their names. */
export type ClientContracts<
  Declaration extends Caller,
  Name extends CalleeName<Declaration> = CalleeName<Declaration>,
> = { readonly [N in Name]: ContractOf<Declaration, N> };

/**
 * Clients of the services that a declaration calls, each with the declared methods only: an
 * undeclared call does not compile.
 */
export type Clients<
  Declaration extends Caller,
  Name extends CalleeName<Declaration> = CalleeName<Declaration>,
> = {
  readonly [N in Name]: Pick<
    Client<ContractOf<Declaration, N>>,
    CalleeMethod<Declaration, N> & keyof Client<ContractOf<Declaration, N>>
  >;
};
