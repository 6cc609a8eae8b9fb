import { durationMs } from '@bufbuild/protobuf/wkt';
import { requireAccess } from '@meridian/kit/context/require-access.ts';
import { pageSizeOf } from '@meridian/kit/pages/page-size.ts';
import type { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { Handlers, ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { etagOf } from '@meridian/kit/rpc/versioned.ts';
import { ordersAccess } from './access.ts';
import { callerOf, openTo, orderNotFound } from './caller.ts';
import { OrdersService } from './contract/gen/meridian/orders/v1/orders_pb.js';
import type { GetOrderRequest } from './contract/gen/meridian/orders/v1/orders_pb.js';
import type { EffectStore } from './effect-store.ts';
import { isOrderId } from './order-id.ts';
import { toImpersonalMessage, toOrderMessage } from './order-message.ts';
import type { OrderStore } from './order-store.ts';
import type { OrderWatch } from './order-watch.ts';
import { ALL_PAGE_SIZE_DEFAULT, PAGE_SIZE_DEFAULT } from './request-limits.ts';
import type { StoredOrder } from './stored-order.ts';

/** What the methods that only look need. */
export interface OrderReads {
  readonly store: OrderStore;
  readonly effects: EffectStore;
  readonly pages: PageTokens;
  readonly watch: OrderWatch;
}

export type ReadMethod = 'getOrder' | 'listOrders' | 'listAllOrders' | 'listOrderEffects';

/** A wait ends so long before the caller's deadline that the answer is there in time. */
const ANSWER_MARGIN_MS = 250;

/** The methods that change nothing. */
export function readHandlers(reads: OrderReads): Pick<Handlers<typeof OrdersService>, ReadMethod> {
  const { store, effects, pages } = reads;
  const { method } = OrdersService;
  return {
    async getOrder(request, call) {
      return { order: toOrderMessage(await anOtherThan(reads, request, call)) };
    },

    async listOrders(request, call) {
      const caller = callerOf(call);
      const accountId = request.accountId === '' ? caller.subject : request.accountId;
      requireAccess(ordersAccess.listOrders, caller, accountId);
      const { items, nextPageToken } = await pages.page(method.listOrders, request, call, {
        size: pageSizeOf(request, PAGE_SIZE_DEFAULT),
        list: (limit, place) =>
          store.list({
            ...{ accountId, limit },
            ...(place === undefined ? {} : { beforeOrderId: place }),
          }),
        placeOf,
      });
      return { orders: items.map(toOrderMessage), nextPageToken };
    },

    async listAllOrders(request, call) {
      const { items, nextPageToken } = await pages.page(method.listAllOrders, request, call, {
        size: pageSizeOf(request, ALL_PAGE_SIZE_DEFAULT),
        list: (limit, place) => store.listAll(limit, place),
        placeOf,
      });
      return { orders: items.map(toImpersonalMessage), nextPageToken };
    },

    async listOrderEffects(request) {
      const { orderId } = request;
      const order = isOrderId(orderId) ? await store.get(orderId) : undefined;
      if (order === undefined) throw orderNotFound(orderId);
      return { effects: [...(await effects.list(orderId))] };
    },
  };
}

function placeOf({ saga }: StoredOrder): string {
  return saga.orderId;
}

/** The order, once it is another than the caller has, or when there is no more time to wait. */
async function anOtherThan(
  { store, watch }: OrderReads,
  { orderId, ifNoneMatch, wait }: GetOrderRequest,
  call: ServerCall,
): Promise<StoredOrder> {
  const caller = callerOf(call);
  const look = async (): Promise<StoredOrder> => {
    const found = isOrderId(orderId) ? await store.get(orderId) : undefined;
    return openTo(ordersAccess.getOrder, caller, found, orderId);
  };
  const waitMs = wait === undefined || ifNoneMatch === '' ? 0 : durationMs(wait);
  if (waitMs <= 0) return look();
  const endMs = Math.min(Date.now() + waitMs, call.deadlineMs - ANSWER_MARGIN_MS);
  // A place before the first look: a change between the two is not missed.
  const waiter = watch.enter(orderId);
  try {
    for (;;) {
      const order = await look();
      const leftMs = endMs - Date.now();
      const isOver = leftMs <= 0 || call.signal.aborted || watch.closed;
      if (waiter === undefined || isOver || etagOf(order) !== ifNoneMatch) return order;
      // Aside, so that those who wait take no place from those who work.
      await call.aside(() => waiter.next(leftMs, call.signal));
    }
  } finally {
    waiter?.close();
  }
}
