import type { DescMethod, Message } from '@bufbuild/protobuf';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { runInScope, scopeOf } from '@meridian/kit/call-scope.ts';
import type { CallScope } from '@meridian/kit/call-scope.ts';
import type { ContextSource } from '@meridian/kit/context/context-source.ts';
import type { ContextSigner } from '@meridian/kit/context/context-signer.ts';
import type { Admission } from '@meridian/kit/rpc/admission.ts';
import type { ColourDraw } from '../canary/preview-share.ts';
import { HttpProblem } from '../problem/http-problem.ts';
import { callerKey } from '../rate-limit/limit-request.ts';
import { decodeRequest } from '../transcode/decode-request.ts';
import { locationOf } from '../transcode/location.ts';
import { encodeResponse } from '../transcode/encode-response.ts';
import type { EncodedResponse } from '../transcode/encode-response.ts';
import type { HttpBinding } from '../transcode/http-binding.ts';
import type { PathValue } from '../transcode/path-template.ts';
import { firstMet, isKnown, requireMatch, underConditions } from './conditions.ts';
import { IDEMPOTENCY_KEY_HEADER, idempotencyKeyOf } from './idempotency-key.ts';
import { LIMITS } from './limits.ts';
import type { Limits } from './limits.ts';
import { negotiate, refusesIdentity } from './negotiation.ts';
import type { Page } from './pages.ts';
import { readWait, setWait } from './waiting.ts';
import type { Wait, Waits } from './waiting.ts';

/** Calls a method of the service that has it; throws an RpcError. */
export type Invoke = (
  method: DescMethod,
  request: Message,
  options: {
    readonly signal: AbortSignal;
    readonly idempotencyKey?: string;
    /** For how long the request asks the service to wait. */
    readonly waitMs?: number;
  },
) => Promise<Message>;

/** What it takes to answer by a call. */
export interface Transcoder {
  readonly invoke: Invoke;
  /** Signs whom a request is made for. */
  readonly contexts: Pick<ContextSigner, 'contextFor'>;
  /** Draws which release works for a request; what a client says of it is not read. */
  readonly colours: ColourDraw;
  /** Bounds the calls under way; one too many is refused. */
  readonly admission: Admission;
  /** Bounds the reads that wait for a change. */
  readonly waits: Waits;
  readonly limits?: Limits;
}

/** A request that a service answers. */
export interface RpcDestination {
  readonly kind: 'rpc';
  readonly binding: HttpBinding;
  readonly pathValues: readonly PathValue[];
  readonly query: string;
}

/** Answers with one of the gateway's own pages. */
export async function answerPage(
  request: FastifyRequest,
  reply: FastifyReply,
  page: Page,
): Promise<FastifyReply> {
  const mediaType = negotiateOrRefuse(request, page.mediaTypes);
  const body = await page.render(mediaType);
  requireMatch(request.headers, undefined);
  reply.code(200).headers({
    'content-type': mediaType === 'text/html' ? 'text/html; charset=utf-8' : mediaType,
    'cache-control': 'no-store',
  });
  if (page.mediaTypes.length > 1) reply.header('vary', 'accept');
  return reply.send(toBytes(body));
}

/** Answers with what a service says: JSON to gRPC, a call, gRPC to JSON. */
export async function answerRpc(
  request: FastifyRequest,
  reply: FastifyReply,
  { binding, pathValues, query }: RpcDestination,
  transcoder: Transcoder,
): Promise<FastifyReply> {
  const { caller } = request;
  if (caller === null) throw new Error('a request reached a service without a caller');
  const key = idempotencyKeyOf(request.headers[IDEMPOTENCY_KEY_HEADER], binding.method);
  const message = decodeRequest(binding, { pathValues, query, body: bodyText(request.body) });
  const requests = reads(request) ? [message] : underConditions(request.headers, binding, message);
  const contextSource = transcoder.contexts.contextFor({ ...caller, requestId: request.id });
  const { waits } = transcoder;
  const wait = reads(request) ? readWait(request.headers, binding, message) : undefined;
  const waitMs = wait !== undefined && waits.tryEnter() ? wait.seconds * 1_000 : 0;
  const { scope, signal } = begin(request, reply, transcoder, { contextSource }, waitMs);
  const answer = await runInScope(scope, () => {
    if (wait !== undefined && waitMs > 0) {
      reply.header('preference-applied', `wait=${wait.seconds}`);
      if (request.measured !== null) request.measured.waited = true;
      return waitFor(transcoder, binding, { message, wait, signal });
    }
    const options = { signal, ...(key === undefined ? {} : { idempotencyKey: key }) };
    return inTurn(transcoder.admission, scope, () =>
      firstMet(requests, (each) => transcoder.invoke(binding.method, each, options)),
    );
  });
  if (waits.leaving.aborted) reply.header('connection', 'close');
  return sendAnswer(request, reply, encodeResponse(binding, answer), locationOf(binding, answer));
}

/** Whose calls a request leads to: without a signed context they are the platform's own. */
interface Whose {
  readonly contextSource?: ContextSource;
}

/**
 * Does the work of a request within its scope, when it is its turn.
 *
 * @throws {HttpProblem} 499 when the client has gone before its turn came
 */
export async function callFor(
  request: FastifyRequest,
  reply: FastifyReply,
  transcoder: Transcoder,
  whose: Whose,
  work: (signal: AbortSignal) => Promise<Message>,
): Promise<Message> {
  const { scope, signal } = begin(request, reply, transcoder, whose);
  return await runInScope(scope, () => inTurn(transcoder.admission, scope, () => work(signal)));
}

/** The scope of a request, and what ends it early; `waitMs` longer than a call may take. */
function begin(
  request: FastifyRequest,
  reply: FastifyReply,
  { limits = LIMITS, colours }: Transcoder,
  whose: Whose,
  waitMs = 0,
): { readonly scope: CallScope; readonly signal: AbortSignal } {
  const signal = whenGone(reply);
  const span = request.measured?.span.spanContext();
  const scope = scopeOf({
    timeoutMs: limits.callTimeoutMs + waitMs,
    signal,
    ...whose,
    colour: colours.colourOf(callerKey(request)),
    ...(span === undefined ? {} : { span }),
  });
  return { scope, signal };
}

/** Calls when there is room for one more call. */
async function inTurn(
  admission: Admission,
  scope: CallScope,
  call: () => Promise<Message>,
): Promise<Message> {
  const admitted = admission.tryEnter() || (await admission.wait((gone) => scope.onCancel(gone)));
  if (!admitted) throw new HttpProblem('cancelled', { detail: 'The client went away.' });
  try {
    return await call();
  } finally {
    admission.leave();
  }
}

/**
 * Has the service wait for a change, in a place of `waits` that is given back. When the gateway leaves
 * meanwhile, it asks again for what there is now: a read may be asked twice.
 */
async function waitFor(
  { waits, invoke }: Transcoder,
  { method }: HttpBinding,
  asked: { readonly message: Message; readonly wait: Wait; readonly signal: AbortSignal },
): Promise<Message> {
  const { message, wait, signal } = asked;
  try {
    setWait(wait, message, true);
    return await invoke(method, message, {
      signal: AbortSignal.any([signal, waits.leaving]),
      waitMs: wait.seconds * 1_000,
    });
  } catch (error) {
    if (!waits.leaving.aborted || signal.aborted) throw error;
    setWait(wait, message, false);
    return await invoke(method, message, { signal });
  } finally {
    waits.leave();
  }
}

/** The best of the offered media types, or @throws {HttpProblem} 406. */
export function negotiateOrRefuse(request: FastifyRequest, offers: readonly string[]): string {
  const { headers } = request;
  if (refusesIdentity(headers['accept-encoding'])) {
    throw new HttpProblem('not-acceptable', {
      detail: 'Answers are not compressed here: Accept-Encoding must leave identity.',
    });
  }
  const mediaType = negotiate(headers.accept, offers);
  if (mediaType !== undefined) return mediaType;
  throw new HttpProblem('not-acceptable', {
    detail: `This path can be had as ${offers.join(' or ')}.`,
  });
}

/** Sends what a service answered. */
export function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, etag }: EncodedResponse,
  location: string | undefined,
): FastifyReply {
  if (reads(request)) requireMatch(request.headers, etag);
  if (etag === undefined) {
    reply.header('cache-control', 'no-store');
  } else {
    // May be kept, and asked about before each use.
    reply.headers({ etag, 'cache-control': 'private, no-cache' });
    if (reads(request) && isKnown(request.headers, etag)) return reply.code(304).send();
  }
  if (location !== undefined) reply.header('location', location);
  const status = location === undefined ? 200 : 201;
  return reply.code(status).header('content-type', 'application/json').send(toBytes(body));
}

function reads({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** As bytes, or fastify adds a charset, which JSON's media types do not have (RFC 8259, section 11). */
export function toBytes(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

/** @throws {HttpProblem} 400 if the body is not UTF-8. */
function bodyText(body: unknown): string {
  if (!(body instanceof Uint8Array)) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new HttpProblem('malformed-json', {
      detail: 'The body is not valid UTF-8.',
      cause: error,
    });
  }
}

/** Aborted when the connection closes before the response is out: nobody wants it any more. */
function whenGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const { raw } = reply;
  const abort = (): void => {
    if (!raw.writableFinished) controller.abort();
  };
  if (raw.destroyed) abort();
  raw.once('close', abort);
  return controller.signal;
}
