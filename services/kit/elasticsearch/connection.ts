import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ConnectionOptions } from 'node:tls';
import type { Identity } from '../tls/identity.ts';
import { MINIMUM_TLS_VERSION } from '../tls/identity.ts';
import type { ElasticsearchBinding } from './binding.ts';

/** A request of Elasticsearch's API. */
export interface ElasticsearchRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Begins with a slash; parts of it that are data are encoded. */
  readonly path: string;
  /** JSON; a list is sent as lines of it, which bulk requests are. */
  readonly body?: object;
}

/** What it answered; `body` is parsed JSON, undefined where there was none. */
export interface ElasticsearchAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Requests of a process at once; others wait for a connection. */
const CONNECTIONS_MAX = 32;
const IDLE_MAX_MS = 30_000;

/**
 * Connections to one Elasticsearch, over mutual TLS. Each new one uses the newest certificate, and each
 * request the password that is in the file then. The official client would do that only by being made
 * again, and takes 38 MB of each process (ADR 57).
 */
export class ElasticsearchConnection {
  readonly #binding: ElasticsearchBinding;
  readonly #identity: Identity;
  readonly #agent = new Agent({
    keepAlive: true,
    maxSockets: CONNECTIONS_MAX,
    timeout: IDLE_MAX_MS,
  });

  constructor(binding: ElasticsearchBinding, identity: Identity) {
    this.#binding = binding;
    this.#identity = identity;
  }

  /** Sends a request; rejects with what the connection fails with, or with the signal's reason. */
  async send(asked: ElasticsearchRequest, signal: AbortSignal): Promise<ElasticsearchAnswer> {
    const { host, port, username, passwordFile } = this.#binding;
    const body = asked.body === undefined ? undefined : serialised(asked.body);
    const answer = Promise.withResolvers<ElasticsearchAnswer>();
    const options: RequestOptions & Pick<ConnectionOptions, 'secureContext'> = {
      host,
      port,
      method: asked.method,
      path: asked.path,
      agent: this.#agent,
      auth: `${username}:${readFileSync(passwordFile, 'utf8').trimEnd()}`,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : headersOf(asked.body, body)),
      },
      secureContext: this.#identity.current.context,
      minVersion: MINIMUM_TLS_VERSION,
      // RFC 6066 section 3 lets no address be a server name.
      ...(isIP(host) === 0 ? { servername: host } : { servername: '' }),
      signal,
    };
    const sent = request(options, (response) => {
      text(response)
        .then((content) => ({ status: response.statusCode ?? 0, body: parsed(content) }))
        .then(answer.resolve, answer.reject);
    });
    sent.on('error', answer.reject);
    sent.end(body);
    try {
      return await answer.promise;
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  }

  /** Closes them; requests under way fail. */
  close(): void {
    this.#agent.destroy();
  }
}

function headersOf(given: unknown, body: Buffer): Record<string, string | number> {
  const type = Array.isArray(given) ? 'application/x-ndjson' : 'application/json';
  return { 'content-type': type, 'content-length': body.length };
}

function serialised(body: object): Buffer {
  const lines: readonly unknown[] | undefined = Array.isArray(body) ? body : undefined;
  if (lines === undefined) return Buffer.from(JSON.stringify(body));
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function parsed(content: string): unknown {
  return content === '' ? undefined : JSON.parse(content);
}
