import type { ExternalBinding } from '@meridian/kit/external/binding.ts';
import type { Transactional } from '@meridian/kit/postgres/database.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import type { OperationRunner } from './operation-runner.ts';
import type { PaymentMetrics } from './payment-metrics.ts';
import { PaymentStore } from './payment-store.ts';
import type { Payments } from './payments.ts';
import { answerFor, parseWebhook } from './webhook-event.ts';
import type { WebhookEvent } from './webhook-event.ts';
import { SIGNATURE_HEADER, isSignedWith, parseSignature } from './webhook-signature.ts';
import { noteWebhook } from './webhook-table.ts';

/** How old a webhook may be, and how far in the future: clocks differ, and a copy is not good for ever. */
export const WEBHOOK_AGE_MAX_MS = 300_000;
/** Bytes of a webhook at most. */
export const WEBHOOK_MAX_BYTES = 65_536;

/** A webhook as it was received. */
export interface ReceivedWebhook {
  readonly sender: string;
  readonly body: Uint8Array;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What webhooks need. */
export interface WebhooksOptions {
  readonly binding: Pick<ExternalBinding, 'external' | 'secrets'>;
  readonly database: Transactional;
  readonly payments: Payments;
  readonly runner: Pick<OperationRunner, 'send'>;
  readonly metrics: PaymentMetrics;
  readonly log: Logger;
  /** @default Date.now */
  readonly nowMs?: () => number;
}

/** Takes webhooks of the provider. Anybody can send one, so nothing of it is read before it is proved. */
export class Webhooks {
  readonly #options: WebhooksOptions;

  constructor(options: WebhooksOptions) {
    this.#options = options;
  }

  /** @throws {RpcError} NOT_FOUND, INVALID_ARGUMENT, UNAUTHENTICATED */
  async receive(webhook: ReceivedWebhook): Promise<void> {
    const { metrics, log } = this.#options;
    try {
      this.#check(webhook);
    } catch (error) {
      metrics.webhook('refused');
      throw error;
    }
    const event = parseWebhook(webhook.body);
    if (event === undefined) {
      // The provider may have more kinds of webhooks than we know; it would repeat one that is refused.
      metrics.webhook('unmatched');
      log.info('a webhook of the provider tells nothing that payments know');
      return;
    }
    await this.#take(webhook.sender, event);
  }

  #check({ sender, body, headers }: ReceivedWebhook): void {
    const { binding, nowMs = Date.now } = this.#options;
    if (sender !== binding.external) throw new RpcError('NOT_FOUND', 'nobody takes such webhooks');
    if (body.length > WEBHOOK_MAX_BYTES) {
      throw new RpcError('INVALID_ARGUMENT', `body must have at most ${WEBHOOK_MAX_BYTES} bytes`);
    }
    const signature = parseSignature(headers[SIGNATURE_HEADER] ?? '');
    // One message for all that is wrong: whoever forges one learns nothing.
    const forged = new RpcError('UNAUTHENTICATED', 'the webhook is not signed by its sender');
    if (signature === undefined) throw forged;
    if (!isSignedWith(body, signature, binding.secrets('webhook-secret'))) throw forged;
    if (Math.abs(nowMs() - Number(signature.seconds) * 1_000) > WEBHOOK_AGE_MAX_MS) {
      throw new RpcError('UNAUTHENTICATED', 'the webhook was signed too long ago');
    }
  }

  /** Once for each id: what it says and that it was said commit together. */
  async #take(sender: string, event: WebhookEvent): Promise<void> {
    const { database, payments, runner, metrics, log } = this.#options;
    const { id, key, time } = event;
    const { outcome, sends } = await database.transaction(async (transaction) => {
      const nothing: readonly string[] = [];
      if (!(await noteWebhook(transaction, sender, id)))
        return { outcome: 'known', sends: nothing };
      const operation = await new PaymentStore(transaction).find(key);
      const answer = operation === undefined ? undefined : answerFor(operation, event);
      if (operation === undefined || answer === undefined) {
        return { outcome: 'unmatched', sends: nothing };
      }
      const happened = await payments.applyWithin(transaction, {
        orderId: operation.orderId,
        message: { type: 'answer', key, answer },
        causationId: id,
        ...(time === undefined ? {} : { providerTime: time }),
      });
      return { outcome: 'taken', sends: happened.sends };
    });
    runner.send(sends);
    metrics.webhook(outcome as 'known' | 'unmatched' | 'taken');
    if (outcome === 'unmatched') {
      log.warn(
        { webhook_id: id },
        'a webhook is about an operation that nobody asked for, or about another charge, and is not believed',
      );
    }
  }
}
