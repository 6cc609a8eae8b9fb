import type { DescMethod } from '@bufbuild/protobuf';
import { Metadata } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import type { Span } from '@opentelemetry/api';
import { currentScope } from '../call-scope.ts';
import { CONTEXT_METADATA } from '../context/context-source.ts';
import type { ContextSource } from '../context/context-source.ts';
import { writeColour } from '../release/colour.ts';
import type { Colour } from '../release/colour.ts';
import type { TimedCalls } from './rpc-metrics.ts';
import { ATTRIBUTES } from '../telemetry/names.ts';
import { TRACEPARENT, endSpan, formatTraceparent } from '../telemetry/tracing.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { DEFAULT_CALL_TIMEOUT_MS, IDEMPOTENCY_KEY_METADATA } from './client-types.ts';
import type { CallOptions } from './client-types.ts';
import { meantStatus } from './meant-status.ts';
import { RpcError } from './rpc-error.ts';
import type { RpcOrigin, StatusName } from './rpc-error.ts';
import { methodCodec, repeatability } from './service-definition.ts';

/** What a client tells of each of its calls. */
export interface CallTelemetry {
  readonly timer: TimedCalls;
  readonly tracing: Tracing;
}

/**
 * One call to a peer: takes over deadline, cancellation, trace and colour from the request it is made for,
 * and notes its duration and outcome.
 */
export class OutgoingCall {
  readonly metadata: Metadata;
  /** When we stop waiting, in milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** That of the request which it is made for. */
  readonly colour: Colour;
  readonly #origin: RpcOrigin;
  readonly #timer: TimedCalls;
  readonly #span: Span;
  readonly #contextSource: ContextSource | undefined;
  readonly #startMs = performance.now();
  #undo: (() => void) | undefined;
  #cancelled = false;
  #ended = false;

  constructor(
    service: string,
    method: DescMethod,
    options: CallOptions | undefined,
    telemetry: CallTelemetry,
  ) {
    const scope = currentScope();
    this.#origin = {
      service,
      method: methodCodec(method).name,
      repeatability: repeatability(method),
    };
    this.#timer = telemetry.timer;
    const own = Date.now() + (options?.timeoutMs ?? DEFAULT_CALL_TIMEOUT_MS);
    this.deadlineMs = scope === undefined ? own : Math.min(own, scope.deadlineMs);
    this.#span =
      options?.isPoll === true
        ? telemetry.tracing.startPoll(this.#origin.method, 'client')
        : telemetry.tracing.startSpan(this.#origin.method, 'client', scope?.span);
    this.metadata = options?.metadata?.clone() ?? new Metadata();
    this.metadata.set(TRACEPARENT, formatTraceparent(this.#span.spanContext()));
    if (options?.idempotencyKey !== undefined) {
      this.metadata.set(IDEMPOTENCY_KEY_METADATA, options.idempotencyKey);
    }
    this.colour = scope?.colour ?? 'active';
    writeColour(this.metadata, this.colour);
    // A context is the request's own; what a handler copied from its metadata is none.
    this.metadata.remove(CONTEXT_METADATA);
    this.#contextSource = scope?.contextSource;
  }

  /**
   * Puts the signed context of the request on the call; nothing for the system's own calls. Throws
   * an RpcError if there is none for such a call.
   *
   * @param request the bytes that are sent; undefined for a stream of them
   */
  carryContext(path: string, request: Uint8Array | undefined): void {
    if (this.#contextSource === undefined) return;
    try {
      this.metadata.set(CONTEXT_METADATA, this.#contextSource.textFor(path, request));
    } catch (cause) {
      throw this.fail(cause);
    }
  }

  /** Cancels the call when the request it is made for is cancelled, or when the signal says so. */
  cancelWith(call: { cancel(): void }, signal: AbortSignal | undefined): void {
    const cancel = (): void => {
      this.#cancelled = true;
      call.cancel();
    };
    const undoScope = currentScope()?.onCancel(cancel);
    if (signal?.aborted === true) cancel();
    else signal?.addEventListener('abort', cancel, { once: true });
    this.#undo = () => {
      undoScope?.();
      signal?.removeEventListener('abort', cancel);
    };
  }

  /** Notes success. */
  succeed(): void {
    this.#end('OK');
  }

  /**
   * What the status of an attempt means.
   *
   * @param begun whether the head of its answer had come
   */
  statusOf(error: ServiceError, begun: boolean): StatusName {
    return meantStatus(error, { begun, cancelled: this.#cancelled });
  }

  /**
   * Notes failure, and makes the error that the caller's code sees.
   *
   * @param error what grpc-js ended the call with, or whatever kept us from sending it
   */
  fail(error: unknown, begun = false): RpcError {
    const ended = isServiceError(error);
    const status = ended ? this.statusOf(error, begun) : 'INTERNAL';
    this.#end(status);
    return new RpcError(status, ended ? error.details : (error as Error).message, {
      cause: error,
      origin: this.#origin,
      ...(ended ? { metadata: error.metadata } : {}),
    });
  }

  /** Notes that the caller stopped reading a stream before its end; nothing if it has ended. */
  abandon(): void {
    this.#end('CANCELLED');
  }

  #end(status: StatusName): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#undo?.();
    const seconds = (performance.now() - this.#startMs) / 1_000;
    this.#timer.note(this.#origin.method, status, seconds, { span: this.#span.spanContext() });
    if (this.#span.isRecording()) {
      this.#span.setAttributes({
        [ATTRIBUTES.rpcSystemName]: 'grpc',
        [ATTRIBUTES.rpcMethod]: this.#origin.method,
        [ATTRIBUTES.rpcStatusCode]: status,
      });
    }
    endSpan(this.#span, status === 'OK' ? undefined : status);
  }
}

function isServiceError(error: unknown): error is ServiceError {
  const { code, details, metadata } = error as Partial<ServiceError>;
  return typeof code === 'number' && typeof details === 'string' && metadata instanceof Metadata;
}
