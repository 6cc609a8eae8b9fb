import type { DescMethod } from '@bufbuild/protobuf';
import type { Span } from '@opentelemetry/api';
import { methodName, methodPath } from '@meridian/language/method.ts';
import { runInScope } from '../call-scope.ts';
import type { ContextPolicy } from '../context/context-policy.ts';
import { CONTEXT_METADATA } from '../context/context-source.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { TimedCalls } from './rpc-metrics.ts';
import { ATTRIBUTES } from '../telemetry/names.ts';
import { TRACEPARENT, endSpan, readTraceparent } from '../telemetry/tracing.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { Admission } from './admission.ts';
import type { AllowList } from './allow-list.ts';
import { failureOf, isServerError, SERVER_ERRORS } from './outcome.ts';
import type { Failure } from './outcome.ts';
import { RpcError } from './rpc-error.ts';
import type { StatusName } from './rpc-error.ts';
import { ServedCall } from './served-call.ts';
import type { GrpcServerCall, Place } from './served-call.ts';

/** What every call passes on its way to a handler. */
export interface CallChainOptions {
  readonly allowList: AllowList;
  readonly contexts: ContextPolicy;
  readonly admission: Admission;
  readonly tracing: Tracing;
  /** Times what was served. */
  readonly timer: TimedCalls;
  readonly log: Logger;
  readonly defaultDeadlineMs: number;
}

/** Who may call a method: those on the allow-list, or, for health, whoever has a certificate. */
export type Access = 'allow-list' | 'any-peer';

/** Statuses of calls that count for objectives. */
const ELIGIBLE: readonly StatusName[] = ['OK', ...SERVER_ERRORS];

/** How a kind of call does its work and answers. */
export interface CallWork {
  /** The request as it was received; undefined for a stream of them. */
  readonly request: Uint8Array | undefined;
  /** Runs the handler and sends its answer. */
  readonly run: (call: ServedCall) => Promise<void>;
  /** Sends an error instead; ignored by the kind if an answer has been sent already. */
  readonly fail: (error: RpcError) => void;
}

/**
 * The way of every call: identity, allow-list, signed context, deadline, a place in the bounded queue, then the
 * handler; with a span, a duration and a line in the log at the end, whatever the end was.
 */
export class CallChain {
  readonly #options: CallChainOptions;

  constructor(options: CallChainOptions) {
    this.#options = options;
  }

  /** A function that serves calls of one method; it never rejects. */
  server(
    method: DescMethod,
    access: Access,
  ): (call: GrpcServerCall, peer: string | undefined, work: CallWork) => Promise<void> {
    const path = methodPath(method);
    const name = methodName(method);
    const { tracing, log, timer, defaultDeadlineMs } = this.#options;
    // What objectives read; nobody has one for health.
    if (access === 'allow-list') for (const status of ELIGIBLE) timer.exists(name, status);
    return async (call, peer, work) => {
      const startMs = performance.now();
      const parent = readTraceparent(call.metadata.get(TRACEPARENT)[0]);
      const span = tracing.startSpan(name, 'server', parent);
      const served = new ServedCall(name, call, span.spanContext(), log, defaultDeadlineMs);
      let failure: Failure | undefined;
      try {
        await runInScope(served, () => this.#serve(served, path, peer, access, work));
      } catch (thrown) {
        failure = failureOf(thrown, served);
        work.fail(failure.error);
      }
      served.finish();
      this.#note(served, span, access, failure, (performance.now() - startMs) / 1_000);
    };
  }

  async #serve(
    served: ServedCall,
    path: string,
    peer: string | undefined,
    access: Access,
    work: CallWork,
  ): Promise<void> {
    const { admission, allowList, contexts } = this.#options;
    if (access === 'any-peer') {
      served.peer = peer ?? '';
      await work.run(served);
      return;
    }
    served.peer = allowList.check(peer, path);
    served.context = contexts.check({
      path,
      peer: served.peer,
      texts: served.metadata.get(CONTEXT_METADATA),
      request: work.request,
    });
    const place = placeOf(served, admission);
    await place.enter();
    served.place = place;
    // The caller hears of its deadline at once; the place stays taken until the work really ends.
    const undo = served.onCancel(() => work.fail(failureOf(undefined, served).error));
    try {
      await work.run(served);
    } finally {
      undo();
      place.leave();
    }
  }

  #note(
    served: ServedCall,
    span: Span,
    access: Access,
    failure: Failure | undefined,
    seconds: number,
  ): void {
    const status: StatusName = failure?.error.status ?? 'OK';
    const { waited } = served;
    this.#options.timer.note(served.method, status, seconds, { waited, span: span.spanContext() });
    if (span.isRecording()) {
      span.setAttributes({
        [ATTRIBUTES.rpcSystemName]: 'grpc',
        [ATTRIBUTES.rpcMethod]: served.method,
        [ATTRIBUTES.rpcStatusCode]: status,
        [ATTRIBUTES.peerSpiffeId]: served.peer,
      });
    }
    endSpan(span, isServerError(status) ? status : undefined);
    const level = levelOf(status, access);
    if (!this.#options.log.isLevelEnabled(level)) return;
    runInScope(served, () =>
      this.#options.log[level](
        {
          rpc_method: served.method,
          rpc_status_code: status,
          peer: served.peer,
          ...(served.context === undefined ? {} : { request_id: served.context.requestId }),
          ...(served.colour === 'preview' ? { colour: served.colour } : {}),
          duration_ms: Math.round(seconds * 1e6) / 1e3,
          ...(failure === undefined ? {} : { reason: withoutQuotes(failure.error.message) }),
          ...(failure?.cause === undefined ? {} : { err: failure.cause }),
        },
        'call served',
      ),
    );
  }
}

/**
 * A message without what it repeats of the request, which is what somebody wrote and so for no log: everything
 * between its first quotation mark and its last, as what is quoted may hold marks of its own.
 */
function withoutQuotes(message: string): string {
  return message.replace(/['"].*['"]/s, '…');
}

function placeOf(served: ServedCall, admission: Admission): Place {
  let held = false;
  return {
    async enter() {
      held =
        admission.tryEnter() || (await admission.wait((listener) => served.onCancel(listener)));
      if (!held) throw new RpcError('CANCELLED', 'the call was cancelled while it waited');
    },
    leave() {
      if (held) admission.leave();
      held = false;
    },
  };
}

function levelOf(status: StatusName, access: Access): 'debug' | 'info' | 'warn' | 'error' {
  switch (status) {
    case 'INTERNAL':
    case 'UNKNOWN':
    case 'DATA_LOSS':
      return 'error';
    case 'UNAVAILABLE':
    case 'RESOURCE_EXHAUSTED':
    case 'PERMISSION_DENIED':
    case 'UNAUTHENTICATED':
      return 'warn';
    default:
      // Probes come every few seconds and say nothing when all is well.
      return access === 'any-peer' ? 'debug' : 'info';
  }
}
