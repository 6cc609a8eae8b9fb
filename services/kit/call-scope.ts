import { AsyncLocalStorage } from 'node:async_hooks';
import type { SpanContext } from '@opentelemetry/api';
import type { ContextSource } from './context/context-source.ts';
import type { Colour } from './release/colour.ts';

/** Why something changes: what events tell of, so that somebody can follow a story backwards. */
export interface Cause {
  /** Of the request or of the event that is being handled. */
  readonly id: string;
  /** What it all belongs to: an order, or the request itself. */
  readonly correlationId: string;
}

/**
 * What everything that runs on behalf of one request inherits: how long there is left, whether it is
 * still wanted, the span it belongs to, and the signed context and the colour that go with its calls.
 */
export interface CallScope {
  /** When the caller stops waiting, in milliseconds since the epoch. */
  readonly deadlineMs: number;
  /** Whether the caller no longer waits. */
  readonly cancelled: boolean;
  /** Calls back once when the request is cancelled or its deadline passes; returns the undo. */
  onCancel(listener: () => void): () => void;
  /** Span that new spans and log lines belong to. */
  readonly span: SpanContext | undefined;
  /** Gives nested calls their signed context; undefined for the system's own work. */
  readonly contextSource: ContextSource | undefined;
  /** What caused this; undefined for work that began by itself. */
  readonly cause: Cause | undefined;
  /** Which release works for the request, in every service alike. */
  readonly colour: Colour;
}

const storage = new AsyncLocalStorage<CallScope>();

/** The scope of the request that the current code works for, if it does for one. */
export function currentScope(): CallScope | undefined {
  return storage.getStore();
}

/** Runs work for a request; nested client calls, queries and log lines see its scope. */
export function runInScope<T>(scope: CallScope, work: () => T): T {
  return storage.run(scope, work);
}

/** Runs work that outlives the request it was started by: no deadline, no span. */
export function runOutsideScope<T>(work: () => T): T {
  return storage.exit(work);
}

/** A scope from an AbortSignal, for servers that are not ours, such as the gateway's HTTPS server. */
export function scopeOf(options: {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly span?: SpanContext;
  readonly contextSource?: ContextSource;
  readonly cause?: Cause;
  /** @default 'active' */
  readonly colour?: Colour;
}): CallScope {
  const { signal } = options;
  return {
    deadlineMs: Date.now() + options.timeoutMs,
    span: options.span,
    contextSource: options.contextSource,
    cause: options.cause,
    colour: options.colour ?? 'active',
    get cancelled() {
      return signal.aborted;
    },
    onCancel: (listener) => {
      if (signal.aborted) {
        listener();
        return () => undefined;
      }
      signal.addEventListener('abort', listener, { once: true });
      return () => signal.removeEventListener('abort', listener);
    },
  };
}
