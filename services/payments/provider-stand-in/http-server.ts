import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { STAND_IN_HEALTH_PATH } from '@meridian/language/stand-in-configuration.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import type { Operation } from './charges.ts';
import { BadRequest, bodyOf, isAuthorized, operationOf } from './requests.ts';
import type { StandIn } from './stand-in.ts';

/** What the server needs of its world. */
export interface StandInServerOptions {
  readonly standIn: StandIn;
  /** Keys that clients may present; read at each request. */
  readonly apiKeys: () => readonly string[];
  readonly log: (message: string) => void;
}

/** What is sent back. */
interface Reply {
  readonly status: number;
  /** A text is sent as CSV, anything else as JSON. */
  readonly body: unknown;
}

/** The provider's HTTP API. */
export function createStandInServer(options: StandInServerOptions): Server {
  return createServer((request, response) => {
    replyTo(request, options)
      .catch((error: unknown): Reply => {
        const status = error instanceof BadRequest ? error.status : 500;
        if (status === 500) options.log(`request failed: ${messageOf(error)}`);
        return { status, body: { error: messageOf(error) } };
      })
      .then(
        (reply) => reply && send(response, reply),
        (error: unknown) => options.log(`no answer could be sent: ${messageOf(error)}`),
      );
  });
}

/** Undefined where the client is to wait in vain. */
async function replyTo(
  request: IncomingMessage,
  { standIn, apiKeys }: StandInServerOptions,
): Promise<Reply | undefined> {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  if (url.pathname === STAND_IN_HEALTH_PATH) return { status: 200, body: { standsIn: true } };
  if (!isAuthorized(request, apiKeys())) throw new BadRequest(401, 'the API key is not known');
  if (request.method === 'GET') return replyToQuestion(url, standIn);
  if (request.method !== 'POST') throw noSuchPath();
  const operation = operationOf(url.pathname, request, await bodyOf(request));
  if (operation === undefined) throw noSuchPath();
  const outcome = await standIn.perform(operation);
  if (outcome === 'never') return undefined;
  if (outcome === 'try-again') throw new BadRequest(503, 'try again');
  return replyOf(outcome);
}

function replyToQuestion(url: URL, standIn: StandIn): Reply {
  const [, key] = /^\/v1\/operations\/([^/]+)$/.exec(url.pathname) ?? [];
  if (key !== undefined) {
    const operation = standIn.operation(decodeURIComponent(key));
    if (operation === undefined) throw new BadRequest(404, 'the key was never seen');
    const { status, charge, decline_code, at } = operation;
    return { status: 200, body: { status, decline_code, charge, created: isoOf(at) } };
  }
  const [, day] = /^\/v1\/statements\/(\d{4}-\d{2}-\d{2})$/.exec(url.pathname) ?? [];
  if (day !== undefined) return { status: 200, body: standIn.statement(day) };
  const reference = url.pathname === '/v1/charges' ? url.searchParams.get('reference') : null;
  if (reference === null) throw noSuchPath();
  return { status: 200, body: { charges: standIn.chargesFor(reference) } };
}

function replyOf({ kind, status, charge, decline_code, at }: Operation): Reply {
  const created = isoOf(at);
  if (kind !== 'authorize' && status === 'refused') {
    return { status: 402, body: { decline_code, charge, created } };
  }
  return { status: kind === 'authorize' ? 201 : 200, body: { ...charge, created } };
}

function send(response: ServerResponse, { status, body }: Reply): void {
  const type = typeof body === 'string' ? 'text/csv; charset=utf-8' : 'application/json';
  response.writeHead(status, { 'content-type': type });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

function noSuchPath(): BadRequest {
  return new BadRequest(404, 'there is no such path');
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
