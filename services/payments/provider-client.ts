import { setTimeout as delay } from 'node:timers/promises';
import type { ExternalBinding } from '@meridian/kit/external/binding.ts';
import { Agent, request } from 'undici';
import type { DueOperation } from './due-operations.ts';
import { jsonFields } from './json-fields.ts';
import type { ProviderAnswer } from './payment-machine.ts';
import { chargeMeant, declineCodeOf, timeTold } from './told-charge.ts';

/** What the provider says of an operation, and when it did it. */
export interface Told {
  readonly answer: Exclude<ProviderAnswer, { readonly status: 'unknown' }>;
  readonly time?: Date;
}

/** What it says when it is asked about a key: nothing that it has seen, or that it is at it. */
export type Asked = Told | 'unseen' | 'under-way';

/** The provider has not said what became of an operation, whatever it said instead. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** How long the provider may take for one operation, all attempts of it together. */
export const PROVIDER_TIMEOUT_MS = 5_000;

/** A statement has a line for each order. */
const STATEMENT_TIMEOUT_MS = 60_000;
const STATEMENT_MAX_BYTES = 64 * 2 ** 20;
const ANSWER_MAX_BYTES = 65_536;
const CONNECTIONS = 64;
const RETRY_PAUSE_MS = 100;
/** Statuses of a server that has not begun: the same request may follow, under its key. */
const NOT_BEGUN: ReadonlySet<number> = new Set([429, 502, 503, 504]);

interface Reply {
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The payment provider's HTTP API. */
export class ProviderClient {
  readonly #binding: Pick<ExternalBinding, 'uri' | 'secrets'>;
  readonly #timeoutMs: number;
  readonly #agent = new Agent({ connections: CONNECTIONS, pipelining: 1 });

  constructor(binding: Pick<ExternalBinding, 'uri' | 'secrets'>, timeoutMs = PROVIDER_TIMEOUT_MS) {
    this.#binding = binding;
    this.#timeoutMs = timeoutMs;
  }

  /** Has the provider do an operation. Throws NoAnswer unless it says what became of it. */
  async send(operation: DueOperation): Promise<Told> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    const { path, body } = requestOf(operation);
    for (;;) {
      const reply = await this.#call('POST', path, signal, { key: operation.key, body });
      if (!NOT_BEGUN.has(reply.status)) return toldOf(operation, reply);
      await delay(RETRY_PAUSE_MS);
      if (signal.aborted) throw new NoAnswer('the provider is overloaded');
    }
  }

  /** Asks what became of an operation. Throws NoAnswer. */
  async ask(operation: DueOperation): Promise<Asked> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    const path = `/v1/operations/${encodeURIComponent(operation.key)}`;
    const { status, fields } = await this.#call('GET', path, signal);
    if (status === 404) return 'unseen';
    if (status !== 200) throw new NoAnswer(`the provider answered ${status} when asked`);
    switch (fields['status']) {
      case 'unknown':
        return 'under-way';
      case 'succeeded':
        return succeeded(operation, fields['charge'], fields['created']);
      case 'refused':
        return refused(fields, fields['created']);
      default:
        throw new NoAnswer(
          `the provider does not say what became of it: ${typeof fields['status']}`,
        );
    }
  }

  /** The statement of a day, as CSV. Throws NoAnswer. */
  async statement(day: string): Promise<string> {
    const signal = AbortSignal.timeout(STATEMENT_TIMEOUT_MS);
    const { status, text } = await this.#exchange('GET', `/v1/statements/${day}`, signal, {
      maxBytes: STATEMENT_MAX_BYTES,
    });
    if (status === 200) return text;
    throw new NoAnswer(`the provider answered ${status} when asked for the statement of ${day}`);
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #call(
    method: 'GET' | 'POST',
    path: string,
    signal: AbortSignal,
    sent: { readonly key?: string; readonly body?: unknown } = {},
  ): Promise<Reply> {
    const { status, text } = await this.#exchange(method, path, signal, {
      ...sent,
      maxBytes: ANSWER_MAX_BYTES,
    });
    return { status, fields: jsonFields(text) };
  }

  /** Throws NoAnswer for whatever goes wrong on the way; it never says what was sent. */
  async #exchange(
    method: 'GET' | 'POST',
    path: string,
    signal: AbortSignal,
    sent: { readonly key?: string; readonly body?: unknown; readonly maxBytes: number },
  ): Promise<{ readonly status: number; readonly text: string }> {
    const [apiKey] = this.#binding.secrets('api-key');
    try {
      const { statusCode, body } = await request(`${this.#binding.uri}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          ...(sent.key === undefined ? {} : { 'idempotency-key': sent.key }),
          ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
        signal,
        dispatcher: this.#agent,
      });
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of body as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > sent.maxBytes) throw new NoAnswer(`the answer has over ${sent.maxBytes} bytes`);
        chunks.push(chunk);
      }
      return { status: statusCode, text: Buffer.concat(chunks).toString('utf8') };
    } catch (cause) {
      if (cause instanceof NoAnswer) throw cause;
      throw new NoAnswer('the provider did not answer', { cause });
    }
  }
}

function requestOf(operation: DueOperation): { readonly path: string; readonly body?: unknown } {
  const { kind, charge, minorUnits, currency, orderId, token } = operation;
  const amount = minorUnits.toString();
  if (kind === 'authorize') {
    return { path: '/v1/charges', body: { reference: orderId, amount, currency, source: token } };
  }
  const path = `/v1/charges/${encodeURIComponent(charge ?? '')}/${kind}`;
  return kind === 'refund' ? { path, body: { amount } } : { path };
}

function toldOf(operation: DueOperation, { status, fields }: Reply): Told {
  const { created } = fields;
  if (status === 402 || (status === 201 && fields['status'] === 'declined')) {
    return refused(fields, created);
  }
  if (status === 200 || status === 201) return succeeded(operation, fields, created);
  throw new NoAnswer(`the provider answered ${status}`);
}

/** An answer about another charge than was asked for is none. */
function succeeded(operation: DueOperation, charge: unknown, created: unknown): Told {
  const id = chargeMeant(operation, charge);
  if (id === undefined) throw new NoAnswer('the provider answered about another charge');
  return { answer: { status: 'succeeded', charge: id }, ...timeOf(created) };
}

function refused(fields: Readonly<Record<string, unknown>>, created: unknown): Told {
  const declineCode = declineCodeOf(fields['decline_code']);
  return { answer: { status: 'refused', declineCode }, ...timeOf(created) };
}

function timeOf(created: unknown): { readonly time?: Date } {
  const time = typeof created === 'string' ? timeTold(created) : undefined;
  return time === undefined ? {} : { time };
}
