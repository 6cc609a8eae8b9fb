import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { quote } from '@meridian/kit/rpc/field-violations.ts';
import type { StoredOrder } from './stored-order.ts';

/** May see any order, and cancel and refund it. */
const SUPPORT_ROLE = 'support';

/** The account that a call acts for. */
export interface Caller {
  readonly accountId: string;
  readonly isSupport: boolean;
}

/** Whose call this is. @throws {RpcError} UNAUTHENTICATED for somebody who is not signed in */
export function callerOf({ context }: ServerCall): Caller {
  if (context?.subject === undefined) {
    throw new RpcError('UNAUTHENTICATED', 'the call needs a signed-in user');
  }
  return { accountId: context.subject, isSupport: context.roles.includes(SUPPORT_ROLE) };
}

/** An order that the caller may see; another's is one that does not exist. */
export function visibleTo(
  { accountId, isSupport }: Caller,
  order: StoredOrder | undefined,
  orderId: string,
): StoredOrder {
  if (order !== undefined && (isSupport || order.accountId === accountId)) return order;
  throw orderNotFound(orderId);
}

/** There is no order with this id, whatever it looks like. */
export function orderNotFound(orderId: string): RpcError {
  return new RpcError('NOT_FOUND', `The caller has no order with the id ${quote(orderId)}`);
}
