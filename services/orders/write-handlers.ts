import { createHash } from 'node:crypto';
import type { Belonging } from '@meridian/kit/events/outbox.ts';
import { uuidV7 } from '@meridian/kit/events/uuid-v7.ts';
import type { IdempotencyKeys, SecretOf } from '@meridian/kit/idempotency/idempotency-keys.ts';
import type { Transaction } from '@meridian/kit/postgres/database.ts';
import { ERROR_REASONS, errorWithReason } from '@meridian/kit/rpc/error-details.ts';
import { quote } from '@meridian/kit/rpc/field-violations.ts';
import type { Handlers, ServerCall } from '@meridian/kit/rpc/handlers.ts';
import type { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { etagOf } from '@meridian/kit/rpc/versioned.ts';
import { ordersAccess } from './access.ts';
import { callerOf, openTo } from './caller.ts';
import { OrdersService } from './contract/gen/meridian/orders/v1/orders_pb.js';
import type { CreateOrderRequest } from './contract/gen/meridian/orders/v1/orders_pb.js';
import type { Peers } from './effect-calls.ts';
import { isForgotten } from './forget-account.ts';
import type { OrderChanges } from './order-changes.ts';
import { isOrderId } from './order-id.ts';
import { toOrderMessage } from './order-message.ts';
import type { Beside } from './order-store.ts';
import { priceOrder } from './price-order.ts';
import type { PricedOrder } from './price-order.ts';
import type { Refusal } from './saga/decide.ts';
import type { Message } from './saga/messages.ts';
import { PHASES } from './saga/phases.ts';
import { refundable } from './saga/state.ts';
import type { Sagas } from './sagas.ts';
import type { StoredOrder } from './stored-order.ts';

/** What the methods that change something need. */
export interface OrderWrites {
  readonly keys: IdempotencyKeys;
  readonly sagas: Pick<Sagas, 'changes'>;
  readonly catalog: Pick<Peers['catalog'], 'batchGetProducts'>;
}

export type WriteMethod = 'createOrder' | 'cancelOrder' | 'payOrder' | 'refundOrder';

/** Methods whose keys are their caller's: a token is none of who they are. */
export const METHODS_WITH_TOKEN = [
  OrdersService.method.createOrder,
  OrdersService.method.payOrder,
] as const;

/** The methods that change something. */
export function writeHandlers(
  writes: OrderWrites,
): Pick<Handlers<typeof OrdersService>, WriteMethod> {
  const { keys, sagas } = writes;
  const { method } = OrdersService;
  return {
    createOrder: (request, call) => createOrder(writes, request, call),

    async cancelOrder(request, call) {
      return keys.run(method.cancelOrder, request, call, async (transaction) => {
        const changes = sagas.changes(transaction);
        const { orderId, reason } = request;
        const forgotten = isOrderId(orderId) && (await isForgotten(orderId, transaction));
        const order = await meant('cancelOrder', changes, request, call);
        const isOwn = order.accountId === call.context?.subject;
        const message = { kind: 'cancel', cause: isOwn ? 'CUSTOMER' : 'SUPPORT' } as const;
        return applied(changes, order, message, { cancelReason: forgotten ? '' : reason });
      });
    },

    async payOrder(request, call) {
      const work = async (transaction: Transaction) => {
        const changes = sagas.changes(transaction);
        const order = await meant('payOrder', changes, { ...request, etag: '' }, call);
        const { paymentMethodToken } = request;
        return applied(changes, order, { kind: 'pay' }, { paymentMethodToken });
      };
      return keys.run(method.payOrder, request, call, work, tokenSecret(request));
    },

    async refundOrder(request, call) {
      return keys.run(method.refundOrder, request, call, async (transaction) => {
        const changes = sagas.changes(transaction);
        const order = await meant('refundOrder', changes, request, call);
        const { amount } = request;
        if (amount !== undefined && amount.currencyCode !== order.currencyCode) {
          throw forbidden(
            'refundCurrencyDiffers',
            `The order was paid in ${order.currencyCode}, not in ${amount.currencyCode}`,
          );
        }
        if (amount?.minorUnits === 0n) return { order: toOrderMessage(order) };
        const minorUnits = amount?.minorUnits ?? refundable(order.saga);
        if (minorUnits === 0n && PHASES[order.saga.phase].status === 'CONFIRMED') {
          throw forbidden('orderNotRefundable', 'All of it was given back already');
        }
        return applied(changes, order, { kind: 'refund', minorUnits });
      });
    },
  };
}

async function createOrder(
  { keys, sagas, catalog }: OrderWrites,
  request: CreateOrderRequest,
  call: ServerCall,
) {
  const accountId = callerOf(call).subject;
  const { paymentMethodToken } = request;
  // Outside of the transaction, which would wait for catalog with a connection in hand; thrown within it,
  // since a repetition gets its answer whatever the prices are now.
  const priced = await settled(priceOrder(request, catalog));
  const work = async (transaction: Transaction) => {
    const order = { orderId: uuidV7(), accountId, ...priced(), paymentMethodToken };
    return { order: toOrderMessage(await sagas.changes(transaction).place(order)) };
  };
  const method = OrdersService.method.createOrder;
  return keys.run(method, request, call, work, tokenSecret(request));
}

async function settled(pricing: Promise<PricedOrder>): Promise<() => PricedOrder> {
  try {
    const priced = await pricing;
    return () => priced;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** The token as a secret of the request, so that no digest of it is stored that the key does not salt. */
function tokenSecret({ paymentMethodToken }: { readonly paymentMethodToken: string }): SecretOf {
  return (key) =>
    createHash('sha512').update(`${key.length} ${key} ${paymentMethodToken}`).digest();
}

/** The order that a request is about, locked, and as the caller has it. */
async function meant(
  method: Exclude<WriteMethod, 'createOrder'>,
  changes: OrderChanges,
  { orderId, etag }: { readonly orderId: string; readonly etag: string },
  call: ServerCall,
): Promise<StoredOrder> {
  const found = isOrderId(orderId) ? await changes.lock(orderId) : undefined;
  const order = openTo(ordersAccess[method], callerOf(call), found, orderId);
  if (etag !== '' && etag !== etagOf(order)) {
    throw errorWithReason(
      'ABORTED',
      ERROR_REASONS.etagMismatch,
      `The order has changed: its etag is ${quote(etagOf(order))}, not ${quote(etag)}; read it again`,
    );
  }
  return order;
}

async function applied(
  changes: OrderChanges,
  order: StoredOrder,
  message: Message,
  beside: Beside = {},
  belonging: Belonging = {},
) {
  const outcome = await changes.apply(order, message, beside, belonging);
  if ('refused' in outcome) throw refusal(outcome, order);
  return { order: toOrderMessage(outcome.order) };
}

/** What the state of an order forbids, and the reason that tells it from the rest. */
function forbidden(reason: keyof typeof ERROR_REASONS, message: string): RpcError {
  return errorWithReason('FAILED_PRECONDITION', ERROR_REASONS[reason], message);
}

function refusal(outcome: Refusal, { saga, currencyCode }: StoredOrder): RpcError {
  const { status } = PHASES[saga.phase];
  switch (outcome.refused) {
    case 'not declined':
      return forbidden(
        'orderNotPayable',
        `Another means of payment can be tried while the order is PAYMENT_DECLINED, got ${status}`,
      );
    case 'not confirmed':
      return forbidden(
        'orderNotRefundable',
        `An order can be refunded while it is CONFIRMED, got ${status}`,
      );
    case 'more than is left':
      return forbidden(
        'refundExceedsCaptured',
        `At most ${outcome.leftMinorUnits} minor units of ${currencyCode} are left to give back`,
      );
  }
}
