import { domainEvent } from '@meridian/kit/events/domain-event.ts';
import type { Belonging, Outbox } from '@meridian/kit/events/outbox.ts';
import type { Transaction } from '@meridian/kit/postgres/database.ts';
import {
  OrderChangedSchema,
  OrderPlacedSchema,
} from './contract/gen/meridian/orders/v1/events_pb.js';
import { toImpersonalMessage } from './order-message.ts';
import { OrderStore } from './order-store.ts';
import type { Beside } from './order-store.ts';
import { begin, decide } from './saga/decide.ts';
import type { Decision, Refusal } from './saga/decide.ts';
import type { Message } from './saga/messages.ts';
import type { NewOrder, StoredOrder } from './stored-order.ts';
import { ordersEvents } from './topics.ts';

/** Is told of what was committed; none may wait or throw. */
export interface ChangeListener {
  /** The saga of an order has decided something, whether or not anybody sees it. */
  wentOn(order: StoredOrder, decision: Decision): void;
  /** The order's customer sees another one. */
  changed(order: StoredOrder): void;
  /** There is an effect that is due. */
  asked(): void;
  /** Another service broke its contract, or this one has a bug. */
  unexpected(order: StoredOrder, facts: readonly string[]): void;
}

/** What a message came to. */
export interface Applied {
  readonly order: StoredOrder;
  readonly decision: Decision;
}

/** Changes of orders within one transaction: state, effects and event together. */
export class OrderChanges {
  readonly #store: OrderStore;
  readonly #transaction: Transaction;
  readonly #outbox: Outbox<typeof ordersEvents>;
  readonly #listener: ChangeListener;

  constructor(
    transaction: Transaction,
    outbox: Outbox<typeof ordersEvents>,
    listener: ChangeListener,
  ) {
    this.#store = new OrderStore(transaction);
    this.#transaction = transaction;
    this.#outbox = outbox;
    this.#listener = listener;
  }

  /** Stores a new order. */
  async place(order: NewOrder): Promise<StoredOrder> {
    const decision = begin(order.orderId, order.totalMinorUnits);
    const stored = await this.#store.insert(order, decision);
    await this.#tell(stored, decision);
    return stored;
  }

  /** The order with this id, locked; undefined if there is none. */
  lock(orderId: string): Promise<StoredOrder | undefined> {
    return this.#store.lock(orderId);
  }

  /** Tells the saga of a locked order a message, and stores what it decides. */
  async apply(
    order: StoredOrder,
    message: Message,
    beside: Beside = {},
    belonging: Belonging = {},
  ): Promise<Applied | Refusal> {
    const decision = decide(order.saga, message);
    if ('refused' in decision) return decision;
    // What came before leaves everything as it is.
    if (decision.saga === order.saga && decision.unexpected.length === 0) {
      return { order, decision };
    }
    const after = await this.#store.update(order, decision, beside);
    await this.#tell(after, decision, belonging);
    return { order: after, decision };
  }

  async #tell(order: StoredOrder, decision: Decision, belonging: Belonging = {}): Promise<void> {
    const { visible, asked, unexpected } = decision;
    const { orderId } = order.saga;
    if (visible) {
      const event = domainEvent(
        order.version === 1n ? OrderPlacedSchema : OrderChangedSchema,
        { order: toImpersonalMessage(order) },
        { key: orderId, version: order.version },
      );
      await this.#outbox.add(this.#transaction, ordersEvents, [event], {
        ...belonging,
        correlationId: orderId,
      });
    }
    this.#transaction.onCommit(() => {
      this.#listener.wentOn(order, decision);
      if (visible) this.#listener.changed(order);
      if (asked.length > 0) this.#listener.asked();
      if (unexpected.length > 0) this.#listener.unexpected(order, unexpected);
    });
  }
}
