import type { Server as HttpsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { traceFields } from '@meridian/kit/telemetry/logger.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import { limitRequest, limitWebhook } from '../rate-limit/limit-request.ts';
import type { RateLimiter } from '../rate-limit/rate-limiter.ts';
import { problemFromRpc } from '../problem/from-rpc.ts';
import { HttpProblem, problemBody, problemHeaders } from '../problem/http-problem.ts';
import { findRoute } from '../transcode/route-table.ts';
import { InvalidRequest } from '../transcode/violation.ts';
import type { Authenticator } from '../token/authenticator.ts';
import type { Caller } from '../token/caller.ts';
import { ClientErrors } from './client-error.ts';
import { LIMITS } from './limits.ts';
import type { Limits } from './limits.ts';
import { pages } from './pages.ts';
import type { Page, PageSources } from './pages.ts';
import { checkPeers, tlsOptions } from './peer-check.ts';
import type { PeerCheck } from './peer-check.ts';
import { checkBody, checkRequest, contentTooLarge, leavesTooMuch } from './request-checks.ts';
import { loggedPath } from './logged-path.ts';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.ts';
import { answerPage, answerRpc, negotiateOrRefuse, toBytes } from './respond.ts';
import type { RpcDestination, Transcoder } from './respond.ts';
import { answerWebhook, checkWebhook } from './webhook.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import type { HttpTelemetry, Measured } from './telemetry.ts';

/** What the gateway's HTTPS server is made of. */
export interface GatewayOptions extends PageSources, PeerCheck, Transcoder {
  readonly authenticator: Authenticator;
  readonly telemetry: HttpTelemetry;
  readonly rateLimiter: RateLimiter;
  /** Age at which a connection is closed after its current response, so that its peer is checked again. */
  readonly connectionMaxAgeMs: number;
  readonly limits?: Limits;
}

/** Where a request goes. */
type Destination =
  | RpcDestination
  | { readonly kind: 'page'; readonly page: Page; readonly path: string }
  | { readonly kind: 'options'; readonly allowed: readonly string[] };

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the first hook; null for what was refused before. */
    destination: Destination | null;
    measured: Measured | null;
    /** Set by the second hook for what a service answers. */
    caller: Caller | null;
  }
}

/**
 * Builds the gateway's server; it does not listen yet. Everything it answers, errors included, goes
 * through here: fastify parses and sends, the route table decides.
 */
export function buildServer(options: GatewayOptions): FastifyInstance<HttpsServer> {
  const limits = options.limits ?? LIMITS;
  const clientErrors = new ClientErrors();
  const app = fastify({
    https: {
      ...tlsOptions(options.identity.current),
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.timeoutCheckIntervalMs,
      handshakeTimeout: limits.handshakeTimeoutMs,
      // Node.js would answer a missing Host with an empty 400; checkRequest answers it.
      requireHostHeader: false,
    },
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionTimeout: limits.idleTimeoutMs,
    // A closing server still answers what arrives on open connections.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: limits.headerBytes },
    genReqId: ({ headers }) => requestIdOf(headers[REQUEST_ID_HEADER]),
    clientErrorHandler: clientErrors.answer,
    frameworkErrors: (error, request, reply) => {
      sendError(error, request, reply, options);
    },
  });
  // Unlimited, because Node.js drops what is beyond silently; checkRequest refuses it.
  app.server.maxHeadersCount = 0;
  app.server.on('checkExpectation', (request, response) => app.routing(request, response));
  clientErrors.watch(app.server);
  checkPeers(app.server, options);
  acceptBodies(app);
  addHooks(app, options, limits);
  const handle = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    dispatch(request, reply, options);
  app.all('*', handle);
  app.setNotFoundHandler(handle);
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, options));
  return app;
}

/** Bodies stay bytes: the transcoder reads them, more strictly than fastify would. */
function acceptBodies(app: FastifyInstance<HttpsServer>): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

function addHooks(
  app: FastifyInstance<HttpsServer>,
  options: GatewayOptions,
  limits: Limits,
): void {
  const since = new WeakMap<object, number>();
  app.server.on('secureConnection', (socket: TLSSocket) => since.set(socket, Date.now()));
  app.decorateRequest('destination', null);
  app.decorateRequest('measured', null);
  app.decorateRequest('caller', null);
  const own = pages(options);
  app.addHook('onRequest', (request, reply, done) => {
    measure(request, reply, options.telemetry);
    setCommonHeaders(request, reply);
    const ageMs = Date.now() - (since.get(request.raw.socket) ?? 0);
    if (ageMs > options.connectionMaxAgeMs || options.readiness.isDraining) {
      reply.header('connection', 'close');
    }
    request.destination = destinationOf(request, options, own, limits);
    done();
  });
  // Before the body is read: nothing is read for a caller who may not call, or calls too often.
  app.addHook('onRequest', async (request, reply) => {
    const { raw, destination } = request;
    if (destination?.kind !== 'rpc') return;
    const { authenticator, rateLimiter } = options;
    if (destination.binding.webhook !== undefined) {
      // Who sends it is for its method to find out: whatever credentials it has are not ours.
      await limitWebhook(request, reply, rateLimiter);
      return;
    }
    const caller = await authenticator.identify(raw);
    request.caller = caller;
    await limitRequest(request, reply, rateLimiter);
    authenticator.authorise(caller, destination.binding.method);
  });
}

function measure(request: FastifyRequest, reply: FastifyReply, telemetry: HttpTelemetry): void {
  const measured = telemetry.start(request.method, request.headers['traceparent']);
  request.measured = measured;
  // Not fastify's onResponse, which a client that goes away leaves out.
  reply.raw.once('close', () => {
    const route = routeOf(request.destination);
    telemetry.finish(measured, {
      requestId: request.id,
      verb: request.method,
      route,
      path: loggedPath(pathOf(request), route),
      status: reply.raw.writableFinished ? reply.raw.statusCode : CLIENT_CLOSED_REQUEST,
    });
  });
}

/** What is logged of a request whose client did not wait; nobody receives it. */
const CLIENT_CLOSED_REQUEST = 499;

function pathOf(request: FastifyRequest): string {
  return (request.raw.url ?? '').split('?', 1)[0] ?? '';
}

/** @throws {HttpProblem} for everything that can be refused before the body is read. */
function destinationOf(
  request: FastifyRequest,
  { routes }: GatewayOptions,
  own: ReadonlyMap<string, Page>,
  limits: Limits,
): Destination {
  const { path, query } = checkRequest(request.raw, limits);
  const page = own.get(path);
  if (page !== undefined) {
    const allowed = ['GET', 'HEAD', 'OPTIONS'];
    refuseVerb(request.method, allowed);
    checkBody(request.raw, 'none', limits);
    return request.method === 'OPTIONS'
      ? { kind: 'options', allowed }
      : { kind: 'page', page, path };
  }
  const match = findRoute(routes, request.method, path);
  switch (match.kind) {
    case 'unknown':
      throw new HttpProblem('route-not-found', {
        detail: 'No operation has this path; /openapi.json lists them all.',
      });
    case 'wrong-verb':
      refuseVerb(request.method, match.allowed);
      return { kind: 'options', allowed: match.allowed };
    case 'found':
      if (match.binding.webhook !== undefined) {
        checkWebhook(request.raw, query, match.binding.webhook, limits);
      } else {
        negotiateOrRefuse(request, ['application/json']);
        checkBody(request.raw, match.binding.body === 'none' ? 'none' : 'json', limits);
      }
      return { kind: 'rpc', binding: match.binding, pathValues: match.pathValues, query };
  }
}

function refuseVerb(verb: string, allowed: readonly string[]): void {
  if (allowed.includes(verb)) return;
  throw new HttpProblem('method-not-allowed', {
    detail: `This path allows ${allowed.join(', ')}.`,
    headers: { allow: allowed.join(', ') },
  });
}

async function dispatch(
  request: FastifyRequest,
  reply: FastifyReply,
  options: GatewayOptions,
): Promise<FastifyReply> {
  const { destination } = request;
  switch (destination?.kind) {
    case 'page':
      return await answerPage(request, reply, destination.page);
    case 'rpc':
      return destination.binding.webhook === undefined
        ? await answerRpc(request, reply, destination, options)
        : await answerWebhook(request, reply, destination, options);
    case 'options':
      return reply.code(204).header('allow', destination.allowed.join(', ')).send();
    default:
      throw new Error('a request reached its handler without a destination');
  }
}

function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({ ...SECURITY_HEADERS, [REQUEST_ID_HEADER]: request.id });
}

function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { log, limits = LIMITS }: GatewayOptions,
): FastifyReply {
  const problem = problemOf(error, limits);
  if (problem.status >= 500) logFailure(problem, request, log);
  else if (problem.problem === 'unauthenticated') logRefusal(problem, request, log);
  setCommonHeaders(request, reply);
  if (leavesTooMuch(request.raw, limits)) reply.header('connection', 'close');
  else request.raw.resume();
  return reply
    .code(problem.status)
    .headers(problemHeaders(problem))
    .send(toBytes(problemBody(problem, request.id, pathOf(request))));
}

/** What the caller is not told. The gateway's own bugs come with their stack. */
function logFailure(problem: HttpProblem, request: FastifyRequest, log: Logger): void {
  const { cause } = problem;
  const fields = { request_id: request.id, ...traceOf(request), problem: problem.problem };
  if (cause instanceof RpcError) {
    // The stack would be of our own channel; the service logs its side of it.
    const { status, message, origin } = cause;
    log.warn(
      { ...fields, peer: origin?.service, rpc_status_code: status, reason: message },
      'a call failed',
    );
  } else if (cause !== undefined) {
    log.error({ ...fields, err: cause }, 'request failed');
  }
}

/** Why credentials were refused, which their sender is not told. */
function logRefusal({ cause }: HttpProblem, request: FastifyRequest, log: Logger): void {
  if (!(cause instanceof Error) || cause instanceof RpcError) return;
  const fields = { request_id: request.id, ...traceOf(request), reason: cause.message };
  log.info(fields, 'a token was refused');
}

function traceOf({ measured }: FastifyRequest): Partial<ReturnType<typeof traceFields>> {
  return measured === null ? {} : traceFields(measured.span.spanContext());
}

/** Every error as a problem; what nobody foresaw is ours, and says nothing of itself. */
function problemOf(error: unknown, limits: Limits): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof RpcError) return problemFromRpc(error);
  if (error instanceof InvalidRequest) {
    const { kind, message, violations } = error;
    return new HttpProblem(kind, { detail: message, violations, cause: error });
  }
  if (error instanceof URIError) {
    const detail = 'The path is not valid percent-encoded UTF-8.';
    return new HttpProblem('malformed-url', { detail, cause: error });
  }
  // fastify's own errors; read by their properties, as Node.js's may be of another realm.
  const { statusCode, code } = (error ?? {}) as { statusCode?: unknown; code?: unknown };
  if (statusCode === 413) return contentTooLarge(limits);
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    const badUrl = code === 'FST_ERR_BAD_URL';
    return new HttpProblem(badUrl ? 'malformed-url' : 'malformed-request', {
      detail: badUrl
        ? 'The path is not valid percent-encoded UTF-8.'
        : 'The request could not be read to its end.',
      cause: error,
    });
  }
  return new HttpProblem('internal', {
    detail: 'The request could not be served; quote requestId to report it.',
    cause: error,
  });
}

function routeOf(destination: Destination | null): string | undefined {
  switch (destination?.kind) {
    case 'page':
      return destination.path;
    case 'rpc':
      return destination.binding.template.source;
    default:
      return undefined;
  }
}
