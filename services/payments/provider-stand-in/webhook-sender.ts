import { readFileSync } from 'node:fs';
import type { StandInConfiguration } from '@meridian/language/stand-in-configuration.ts';
import { Agent, buildConnector, request } from 'undici';
import { SIGNATURE_HEADER, signWebhook } from '../webhook-signature.ts';
import type { Webhook } from './journal.ts';

/** How long the receiver may take. */
const TIMEOUT_MS = 10_000;
const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 60_000;
/** Over some hours; then it is left to be asked. */
const ATTEMPTS_MAX = 200;

/** What a sender is made from. */
export interface WebhookSenderOptions {
  /** Absent: there is nobody to send to. */
  readonly target: StandInConfiguration['webhooks'];
  /** What to sign with; read at each attempt. */
  readonly secret: () => string;
  /** Told once a webhook was taken, or given up. */
  readonly settled: (id: string) => void;
  readonly log: (message: string) => void;
}

/** Sends webhooks, again and again with growing pauses until they are taken, each on its own. */
export class WebhookSender {
  readonly #options: WebhookSenderOptions;
  readonly #stop = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: WebhookSenderOptions) {
    this.#options = options;
  }

  /** Sends for the first time; resolves when that attempt is over. The rest happens in the background. */
  async send(webhook: Webhook, attempt = 1): Promise<void> {
    const { settled, log, target } = this.#options;
    const problem = target === undefined ? undefined : await this.#attempt(target, webhook);
    if (this.#stop.signal.aborted) return;
    if (problem === undefined || attempt >= ATTEMPTS_MAX) {
      settled(webhook.id);
      return;
    }
    if (attempt === 1) log(`webhook ${webhook.id} was not taken, trying on: ${problem}`);
    const pauseMs = Math.min(BACKOFF_FIRST_MS * 2 ** (attempt - 1), BACKOFF_MAX_MS);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.send(webhook, attempt + 1);
    }, pauseMs);
    this.#timers.add(timer);
  }

  /** Sends once more what may have been taken already, which a real provider does too. */
  async repeat(webhook: Webhook): Promise<void> {
    const { target } = this.#options;
    if (target !== undefined) await this.#attempt(target, webhook);
  }

  close(): void {
    this.#stop.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** What went wrong; undefined if nothing did. */
  async #attempt(
    target: NonNullable<StandInConfiguration['webhooks']>,
    webhook: Webhook,
  ): Promise<string | undefined> {
    const body = Buffer.from(webhook.body);
    const seconds = Math.floor(Date.now() / 1_000);
    // Made for each attempt: certificates are renewed, and webhooks are few.
    const agent = agentFor(target);
    try {
      const { statusCode, body: answer } = await request(target.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [SIGNATURE_HEADER]: signWebhook(body, this.#options.secret(), seconds),
        },
        body,
        dispatcher: agent,
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await answer.dump();
      return statusCode >= 200 && statusCode < 300 ? undefined : `status ${statusCode}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      void agent.close();
    }
  }
}

function agentFor({
  url,
  caFile,
  connectTo,
}: NonNullable<StandInConfiguration['webhooks']>): Agent {
  const connector = buildConnector({
    allowH2: false,
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
  });
  if (connectTo === undefined) return new Agent({ connect: connector });
  const { host, port } = connectTo;
  // Another place, where the certificate has the name of the URL all the same.
  const { hostname: servername } = new URL(url);
  return new Agent({
    connect: (options, callback) =>
      connector({ ...options, hostname: host, port: String(port), servername }, callback),
  });
}
