import type { Belonging, Outbox } from '@meridian/kit/events/outbox.ts';
import type { Transaction, Transactional } from '@meridian/kit/postgres/database.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { Payment } from '@meridian/payments/contract/gen/meridian/payments/v1/payments_pb.js';
import type { TakenEffect } from './effect-store.ts';
import { OrderChanges } from './order-changes.ts';
import type { ChangeListener } from './order-changes.ts';
import { isOrderId } from './order-id.ts';
import { paymentView } from './payment-view.ts';
import type { Message } from './saga/messages.ts';
import type { ordersEvents } from './topics.ts';

/** Tells the sagas of orders what happened elsewhere. */
export class Sagas {
  readonly #database: Transactional;
  readonly #outbox: Outbox<typeof ordersEvents>;
  readonly #listener: ChangeListener;

  constructor(
    database: Transactional,
    outbox: Outbox<typeof ordersEvents>,
    listener: ChangeListener,
  ) {
    this.#database = database;
    this.#outbox = outbox;
    this.#listener = listener;
  }

  /** Changes of orders in a transaction. */
  changes(transaction: Transaction): OrderChanges {
    return new OrderChanges(transaction, this.#outbox, this.#listener);
  }

  /** Tells the answer to an effect; gives whether the effect is open still. */
  async answer({ orderId, sequence, key }: TakenEffect, message: Message): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const saga = await this.#tell(transaction, orderId, message, { causationId: key });
      return saga.open.some((effect) => effect.sequence === sequence);
    });
  }

  /** Tells of a payment within the transaction that remembers its event. */
  async paymentChanged(payment: Payment, transaction: Transaction): Promise<void> {
    const message = { kind: 'payment', payment: paymentView(payment) } as const;
    await this.#tell(transaction, payment.orderId, message, {});
  }

  async #tell(
    transaction: Transaction,
    orderId: string,
    message: Message,
    belonging: Belonging,
  ): Promise<{ readonly open: readonly { readonly sequence: number }[] }> {
    const changes = this.changes(transaction);
    const order = isOrderId(orderId) ? await changes.lock(orderId) : undefined;
    // Of an event, it is the event that is to blame.
    if (order === undefined) throw new RpcError('NOT_FOUND', `There is no order '${orderId}'`);
    const applied = await changes.apply(order, message, {}, belonging);
    return 'refused' in applied ? order.saga : applied.decision.saga;
  }
}
