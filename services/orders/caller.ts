import { requireAccess } from '@meridian/kit/context/require-access.ts';
import type { SignedIn } from '@meridian/kit/context/require-access.ts';
import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { quote } from '@meridian/kit/rpc/field-violations.ts';
import type { AccessRow } from '@meridian/language/access.ts';
import type { StoredOrder } from './stored-order.ts';

/** Whose call this is. @throws {RpcError} UNAUTHENTICATED for somebody who is not signed in */
export function callerOf({ context }: ServerCall): SignedIn {
  if (context?.subject === undefined) {
    throw new RpcError('UNAUTHENTICATED', 'the call needs a signed-in user');
  }
  return { subject: context.subject, roles: context.roles };
}

/**
 * The order that a request names, for a caller who may use the method with it.
 *
 * @param row the method's, in the table of access
 * @throws {RpcError} NOT_FOUND or PERMISSION_DENIED
 */
export function openTo(
  row: AccessRow,
  caller: SignedIn,
  order: StoredOrder | undefined,
  orderId: string,
): StoredOrder {
  requireAccess(row, caller, order?.accountId, () => orderNotFound(orderId));
  if (order === undefined) throw orderNotFound(orderId);
  return order;
}

/** There is no order with this id, whatever it looks like. */
export function orderNotFound(orderId: string): RpcError {
  return new RpcError('NOT_FOUND', `The caller has no order with the id ${quote(orderId)}`);
}
