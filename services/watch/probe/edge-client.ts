import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { ProbeOutcome } from '@meridian/language/probe-metrics.ts';
import { RATE_LIMIT_HEADERS } from '@meridian/language/rate-limit.ts';
import type { EdgePlace } from './edge-binding.ts';

/** What is asked. */
export interface EdgeRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With its query. */
  readonly path: string;
  /** Sent as JSON. @default nothing */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What was answered. */
export interface EdgeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** How long requests are waited for. */
export interface EdgeLimits {
  /** For a whole request, from its connection to the end of its answer. */
  readonly timeoutMs: number;
  /** Ends those that are under way. @default nothing does */
  readonly signal?: AbortSignal;
}

/** A page of one product has some hundred bytes. */
const ANSWER_MAX_BYTES = 64 * 1024;

const HTTPS_PORT = 443;

/**
 * Asks the edge as users do: the server's certificate is held against what they trust and the name that they know. Each
 * request is a connection of its own, so that none is asked over one that is dead, and names are looked up again.
 */
export class EdgeClient {
  readonly #place: EdgePlace;
  readonly #limits: EdgeLimits;

  constructor(place: EdgePlace, limits: EdgeLimits) {
    this.#place = place;
    this.#limits = limits;
  }

  /** Rejects where no whole answer comes in time. */
  async send({ method, path, body, headers = {} }: EdgeRequest): Promise<EdgeAnswer> {
    const { timeoutMs, signal } = this.#limits;
    const late = AbortSignal.timeout(timeoutMs);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const sent = request(
      {
        ...connectionTo(this.#place),
        ...{ method, path, agent: false },
        signal: signal === undefined ? late : AbortSignal.any([late, signal]),
        headers: {
          host: this.#place.url.host,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      resolve,
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    const answer = await promise;
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      text: await textOf(answer),
    };
  }
}

function connectionTo({ url, caFile, connectTo }: EdgePlace): RequestOptions {
  const { hostname } = url;
  const { host, port } = connectTo ?? {
    host: hostname,
    port: url.port === '' ? HTTPS_PORT : Number(url.port),
  };
  return {
    host,
    port,
    // A server is asked for by name, and an address is not one (RFC 6066, section 3).
    ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
  };
}

/** Whether it says that what was asked is done. */
export function isDone({ status }: EdgeAnswer): boolean {
  return status >= 200 && status < 300;
}

async function textOf(answer: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > ANSWER_MAX_BYTES) throw new Error(`an answer of over ${ANSWER_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** An error that does not come from behind the edge is the edge's: it has found nobody there. */
export function outcomeOf(answer: EdgeAnswer): ProbeOutcome {
  if (isDone(answer)) return 'ok';
  if (answer.status < 500) return 'refused';
  return answer.headers[RATE_LIMIT_HEADERS.policy] === undefined ? 'unreachable' : 'failed';
}
