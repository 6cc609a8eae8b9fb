import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { behaviourOf, drawBehaviour, randomFrom } from './behaviour.ts';
import type { Behaviour, Chances } from './behaviour.ts';
import { Charges } from './charges.ts';
import type { Operation, OperationRequest } from './charges.ts';
import { Journal } from './journal.ts';
import type { Webhook } from './journal.ts';
import { BadRequest } from './requests.ts';
import { statementOf } from './statement.ts';
import type { WebhookSender } from './webhook-sender.ts';

/** What is answered to a request for an operation. */
export type Answer = Operation | 'try-again' | 'never';

/** How often what is flaky says 503. */
const FLAKY_REFUSALS = 2;

/** Words of the webhooks. */
const EVENTS = {
  authorize: { succeeded: 'charge.authorized', refused: 'charge.declined' },
  capture: { succeeded: 'charge.captured', refused: undefined },
  void: { succeeded: 'charge.voided', refused: undefined },
  refund: { succeeded: 'charge.refunded', refused: undefined },
} as const;

/** The provider that is played: what it has done, and how it behaves about it. */
export class StandIn {
  readonly #charges = new Charges();
  readonly #journal: Journal;
  readonly #chances: Chances;
  readonly #random: () => number;
  readonly #unsent = new Map<string, Webhook>();
  /** How often a key came whose request was not done; forgotten with the process. */
  readonly #seen = new Map<string, number>();
  #sender: WebhookSender | undefined;

  constructor(journalFile: string, chances: Chances) {
    const { journal, entries } = Journal.open(journalFile);
    this.#journal = journal;
    this.#chances = chances;
    this.#random = randomFrom(chances.seed);
    for (const entry of entries) {
      if (entry.type === 'settled') this.#unsent.delete(entry.webhook);
      else {
        this.#charges.apply(entry.operation);
        if (entry.webhook !== undefined) this.#unsent.set(entry.webhook.id, entry.webhook);
      }
    }
  }

  /** Begins with the webhooks that were not taken before the restart. */
  start(sender: WebhookSender): void {
    this.#sender = sender;
    for (const webhook of this.#unsent.values()) void sender.send(webhook);
  }

  /** A webhook was taken, or given up. */
  settled(webhook: string): void {
    if (this.#unsent.delete(webhook)) this.#journal.add({ type: 'settled', webhook });
  }

  operation(key: string): Operation | undefined {
    return this.#charges.operation(key);
  }

  chargesFor(reference: string): ReturnType<Charges['chargesFor']> {
    return this.#charges.chargesFor(reference);
  }

  statement(day: string): string {
    return statementOf(this.#charges.operations(), day);
  }

  /** Does what is asked, once for each key. Throws BadRequest for another request under a key. */
  async perform(request: OperationRequest): Promise<Answer> {
    const behaviour = this.#behaviourFor(request);
    const count = (this.#seen.get(request.key) ?? 0) + 1;
    this.#seen.set(request.key, count);
    if (behaviour.trouble === 'lost') return 'never';
    if (behaviour.trouble === 'timeout_lost' && count === 1) return 'never';
    if (behaviour.trouble === 'flaky' && count <= FLAKY_REFUSALS) return 'try-again';
    const latencyMs = this.#latencyMs();
    if (latencyMs > 0) await delay(latencyMs);
    const operation = await this.#doOnce(request, behaviour);
    if (behaviour.trouble === 'timeout') return 'never';
    if (behaviour.trouble === 'slow') await delay(this.#chances.slowMs);
    return operation;
  }

  close(): void {
    this.#sender?.close();
    this.#journal.close();
  }

  async #doOnce(request: OperationRequest, behaviour: Behaviour): Promise<Operation> {
    const known = this.#charges.operation(request.key);
    if (known !== undefined) {
      if (isSame(known.request, request)) return known;
      throw new BadRequest(409, 'the key was used for another request');
    }
    const operation = this.#charges.decide(request, behaviour.declineCode, Date.now());
    const webhook = behaviour.webhook === 'never' ? undefined : webhookOf(operation);
    this.#charges.apply(operation);
    if (webhook !== undefined) this.#unsent.set(webhook.id, webhook);
    this.#journal.add({ type: 'operation', operation, ...(webhook && { webhook }) });
    if (webhook !== undefined) await this.#send(webhook, behaviour);
    return operation;
  }

  async #send(webhook: Webhook, { webhook: how }: Behaviour): Promise<void> {
    const sent = this.#sender?.send(webhook);
    if (how === 'early') await sent;
    if (how === 'twice') void sent?.then(() => this.#sender?.repeat(webhook));
  }

  #behaviourFor(request: OperationRequest): Behaviour {
    const source = request.source ?? this.#charges.sourceOf(request.charge ?? '') ?? '';
    const asked = behaviourOf(source, request.kind);
    if (asked === undefined) {
      return request.kind === 'authorize' ? { declineCode: 'invalid_payment_method' } : {};
    }
    return Object.keys(asked).length > 0
      ? asked
      : drawBehaviour(this.#chances, request.kind, this.#random);
  }

  #latencyMs(): number {
    const { latencyMs } = this.#chances;
    return latencyMs === 0 ? 0 : -Math.log(1 - this.#random()) * latencyMs;
  }
}

function webhookOf(operation: Operation): Webhook | undefined {
  const type = EVENTS[operation.kind][operation.status];
  if (type === undefined) return undefined;
  const id = `evt_${randomUUID()}`;
  const created = Math.floor(operation.at / 1_000);
  const { key, charge } = operation;
  return { id, body: JSON.stringify({ id, type, created, idempotency_key: key, charge }) };
}

function isSame(one: OperationRequest, other: OperationRequest): boolean {
  const text = ({ key, kind, charge, reference, amount, currency, source }: OperationRequest) =>
    JSON.stringify([key, kind, charge, reference, amount, currency, source]);
  return text(one) === text(other);
}
