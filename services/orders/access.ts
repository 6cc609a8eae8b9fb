import { NO, SIGN_IN, YES } from '@meridian/language/access.ts';
import type { AccessTable } from '@meridian/language/access.ts';
import type { OrdersService } from './contract/gen/meridian/orders/v1/orders_pb.js';

/** An order is its account's; that of another is not there. */
const own = { own: YES, another: 'NOT_FOUND', absent: 'NOT_FOUND' } as const;

/** Support buys nothing, and so has none of its own. */
const any = { another: YES, absent: 'NOT_FOUND' } as const;

/** The orders of an account: which accounts there are is told to nobody. */
const ownList = { own: YES, another: NO, absent: NO } as const;

/** Who may call orders. */
export const ordersAccess = {
  createOrder: { anonymous: SIGN_IN, customer: YES, merchant: YES, support: NO, auditor: NO },
  getOrder: { anonymous: SIGN_IN, customer: own, merchant: own, support: any, auditor: NO },
  listOrders: {
    ...{ anonymous: SIGN_IN, customer: ownList, merchant: ownList, support: YES, auditor: NO },
  },
  cancelOrder: { anonymous: SIGN_IN, customer: own, merchant: own, support: any, auditor: NO },
  payOrder: { anonymous: SIGN_IN, customer: own, merchant: own, support: NO, auditor: NO },
  refundOrder: { anonymous: SIGN_IN, customer: NO, merchant: NO, support: any, auditor: NO },
} as const satisfies AccessTable<keyof typeof OrdersService.method>;
