import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import type { OrdersService } from './contract/gen/meridian/orders/v1/orders_pb.js';
import { readHandlers } from './read-handlers.ts';
import type { OrderReads } from './read-handlers.ts';
import { writeHandlers } from './write-handlers.ts';
import type { OrderWrites } from './write-handlers.ts';

/** The methods of orders. A request that breaks the contract gets INVALID_ARGUMENT. */
export function ordersHandlers(
  reads: OrderReads,
  writes: OrderWrites,
): Handlers<typeof OrdersService> {
  return { ...readHandlers(reads), ...writeHandlers(writes) };
}
