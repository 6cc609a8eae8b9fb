import { domainEvent } from '@meridian/kit/events/domain-event.ts';
import type { Outbox } from '@meridian/kit/events/outbox.ts';
import type { Transaction, Transactional } from '@meridian/kit/postgres/database.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import { PaymentChangedSchema } from './contract/gen/meridian/payments/v1/events_pb.js';
import { DueOperations } from './due-operations.ts';
import type { Backoff } from './due-operations.ts';
import { Ledger } from './ledger.ts';
import { noPayment, transition } from './payment-machine.ts';
import type { PaymentEffect, PaymentMessage } from './payment-machine.ts';
import { toPaymentMessage } from './payment-message.ts';
import type { PaymentMetrics } from './payment-metrics.ts';
import type { PaymentState } from './payment-state.ts';
import { PaymentStore } from './payment-store.ts';
import type { StoredPayment } from './payment-store.ts';
import { paymentNotFound, refusal } from './refusal.ts';
import { paymentsEvents } from './topics.ts';

/** Something that happens to the payment of an order. */
export interface Happening {
  readonly orderId: string;
  readonly message: PaymentMessage;
  /** Of an authorisation; it is kept until its outcome is known. */
  readonly token?: string;
  /** When the provider did what it tells. @default now */
  readonly providerTime?: Date;
  /** What brought it about. @default the request that is being handled */
  readonly causationId?: string;
}

/** What came of it. */
export interface Happened {
  readonly payment: StoredPayment;
  /** What is to be sent to the provider now, by key. */
  readonly sends: readonly string[];
}

/** What payments work with. */
export interface PaymentsOptions {
  readonly database: Transactional;
  readonly outbox: Outbox<typeof paymentsEvents>;
  readonly metrics: PaymentMetrics;
  readonly log: Logger;
  /** How long whoever sends an operation may take before somebody else asks about it. */
  readonly leaseMs: number;
  readonly backoff: Backoff;
}

/**
 * The payments: each message is applied in one transaction, with what is entered in the ledger for it and
 * the event that tells of it. Nothing here talks to the provider.
 */
export class Payments {
  readonly #options: PaymentsOptions;

  constructor(options: PaymentsOptions) {
    this.#options = options;
  }

  /** The payment of an order; undefined if it has none. */
  async get(orderId: string): Promise<StoredPayment | undefined> {
    const payment = await new PaymentStore(this.#options.database).get(orderId);
    return payment === undefined || payment.version === 0n ? undefined : payment;
  }

  /** @throws {RpcError} ALREADY_EXISTS, FAILED_PRECONDITION, or NOT_FOUND for an order without payment */
  apply(happening: Happening): Promise<Happened> {
    return this.#options.database.transaction((transaction) =>
      this.applyWithin(transaction, happening),
    );
  }

  /** The same in a transaction that is under way. */
  async applyWithin(transaction: Transaction, happening: Happening): Promise<Happened> {
    const { orderId, message } = happening;
    const store = new PaymentStore(transaction);
    if (message.type === 'authorize' || message.type === 'void') await store.open(orderId);
    const before = await store.lock(orderId);
    if (before === undefined) {
      const result = transition(noPayment(orderId), message);
      throw result.type === 'refused' ? refusal(result.reason) : paymentNotFound();
    }
    const result = transition(before.state, message);
    if (result.type === 'refused') throw refusal(result.reason);
    this.#report(result.effects, orderId);
    if (result.type === 'unchanged') return { payment: before, sends: [] };
    const sends = result.effects.flatMap((effect) => (effect.type === 'send' ? [effect.key] : []));
    const { leaseMs } = this.#options;
    const { token } = happening;
    const payment = await store.save(before, result.state, {
      sends,
      leaseMs,
      ...(token === undefined ? {} : { token }),
    });
    if (payment === undefined) throw refusal('KEY_OF_ANOTHER_REQUEST');
    await this.#post(transaction, result.effects, payment, happening);
    await this.#tell(transaction, payment, happening);
    transaction.onCommit(() => this.#count(before.state, payment.state));
    return { payment, sends };
  }

  /** The provider has not answered: who asked is told, and it is asked again later. */
  async silent(orderId: string, key: string): Promise<void> {
    await this.#options.database.transaction(async (transaction) => {
      const message = { type: 'answer', key, answer: { status: 'unknown' } } as const;
      await this.applyWithin(transaction, { orderId, message, causationId: key });
      await new DueOperations(transaction).postpone(key, this.#options.backoff);
    });
  }

  async #post(
    transaction: Transaction,
    effects: readonly PaymentEffect[],
    { state }: StoredPayment,
    { providerTime = new Date() }: Happening,
  ): Promise<void> {
    const ledger = new Ledger(transaction);
    for (const effect of effects) {
      const operation =
        effect.type === 'post' ? state.operations.find(({ key }) => key === effect.key) : undefined;
      if (operation === undefined || state.amount === undefined) continue;
      await ledger.post(state.orderId, state.amount.currency, operation, providerTime);
    }
  }

  /** One event for each change of a payment; nobody is told of one that was given up before it began. */
  async #tell(
    transaction: Transaction,
    payment: StoredPayment,
    { orderId, causationId }: Happening,
  ): Promise<void> {
    const message = toPaymentMessage(payment);
    if (message === undefined) return;
    const event = domainEvent(
      PaymentChangedSchema,
      { payment: message },
      { key: orderId, version: payment.version },
    );
    await this.#options.outbox.add(transaction, paymentsEvents, [event], {
      correlationId: orderId,
      ...(causationId === undefined ? {} : { causationId }),
    });
  }

  #report(effects: readonly PaymentEffect[], orderId: string): void {
    const { log, metrics } = this.#options;
    for (const effect of effects) {
      if (effect.type !== 'contradiction') continue;
      metrics.contradiction();
      log.error(
        { order_id: orderId, idempotency_key: effect.key },
        'the provider contradicts what it said before, which stays; compare its statement with the ledger',
      );
    }
  }

  #count(before: PaymentState, { operations }: PaymentState): void {
    for (const [index, { kind, status }] of operations.entries()) {
      if (status === before.operations[index]?.status || status === 'pending') continue;
      this.#options.metrics.operation(kind, status);
    }
  }
}
