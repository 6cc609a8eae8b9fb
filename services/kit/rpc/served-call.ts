import type { Metadata } from '@grpc/grpc-js';
import type { SpanContext } from '@opentelemetry/api';
import type { CallScope, Cause } from '../call-scope.ts';
import type { ContextSource } from '../context/context-source.ts';
import type { ReceivedContext } from '../context/request-context.ts';
import { readColour } from '../release/colour.ts';
import type { Colour } from '../release/colour.ts';
import type { Logger } from '../telemetry/logger.ts';
import { IDEMPOTENCY_KEY_METADATA } from './client-types.ts';
import type { ServerCall } from './handlers.ts';

/** A place among the calls at work. */
export interface Place {
  /** Takes it, or waits for it. Throws UNAVAILABLE if too many wait, CANCELLED if the call ends meanwhile. */
  enter(): Promise<void>;
  /** Gives it up; nothing if it is not held. */
  leave(): void;
}

/** What the chain needs of a call of grpc-js, whatever its kind. */
export interface GrpcServerCall {
  readonly metadata: Metadata;
  cancelled: boolean;
  getDeadline(): Date | number;
  getPeer(): string;
  on(event: 'cancelled', listener: () => void): unknown;
}

/** A call being served: the scope that its work inherits, and what its handler is told. */
export class ServedCall implements CallScope, ServerCall {
  readonly method: string;
  readonly metadata: Metadata;
  readonly deadlineMs: number;
  readonly span: SpanContext;
  readonly log: Logger;
  /** As the caller has it; calls made for this one carry it on. */
  readonly colour: Colour;
  /** SPIFFE ID of the caller; empty until it has been checked. */
  peer = '';
  /** Verified; undefined until it is, and for the system. */
  context: ReceivedContext | undefined;
  /** The place that it holds among the calls at work; undefined for one that needs none. */
  place: Place | undefined;
  #cancelled = false;
  #finished = false;
  #waited = false;
  #listeners: Set<() => void> | undefined;
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    method: string,
    call: GrpcServerCall,
    span: SpanContext,
    log: Logger,
    defaultDeadlineMs: number,
  ) {
    this.method = method;
    this.metadata = call.metadata;
    this.colour = readColour(call.metadata);
    this.span = span;
    this.log = log;
    const given = Number(call.getDeadline());
    if (Number.isFinite(given)) {
      // grpc-js itself answers DEADLINE_EXCEEDED at a deadline that the caller gave.
      this.deadlineMs = given;
    } else {
      this.deadlineMs = Date.now() + defaultDeadlineMs;
      this.#timer = setTimeout(() => this.#cancel(), defaultDeadlineMs);
    }
    if (call.cancelled) this.#cancel();
    else call.on('cancelled', () => this.#cancel());
  }

  /** Whether the caller no longer waits: it cancelled, it is gone, or its deadline has passed. */
  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Whether it went aside, to wait for what the caller wants to hear of. */
  get waited(): boolean {
    return this.#waited;
  }

  /** Calls made for this one carry what it came with. */
  get contextSource(): ContextSource | undefined {
    return this.context;
  }

  /**
   * The request that it is made for or, in a call that the system makes for itself, the key under which it
   * is asked again and again: whoever keeps the effect finds it by that.
   */
  get cause(): Cause | undefined {
    const [key] = this.metadata.get(IDEMPOTENCY_KEY_METADATA);
    const id = this.context?.requestId ?? (typeof key === 'string' ? key : undefined);
    return id === undefined ? undefined : { id, correlationId: id };
  }

  /** Made when it is first asked for: most handlers never do. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  onCancel(listener: () => void): () => void {
    if (this.#cancelled) {
      listener();
      return () => undefined;
    }
    this.#listeners ??= new Set();
    const listeners = this.#listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  async aside<T>(wait: () => Promise<T>): Promise<T> {
    this.#waited = true;
    this.place?.leave();
    try {
      return await wait();
    } finally {
      await this.place?.enter();
    }
  }

  /** Ends the scope: a cancellation after the answer is none. */
  finish(): void {
    this.#finished = true;
    clearTimeout(this.#timer);
  }

  #cancel(): void {
    if (this.#finished || this.#cancelled) return;
    this.#cancelled = true;
    clearTimeout(this.#timer);
    this.#controller?.abort();
    for (const listener of this.#listeners ?? []) listener();
  }
}
