import { catalog } from '@meridian/catalog/service.ts';
import { call } from '@meridian/components/model/call.ts';
import { defineTask } from '@meridian/components/model/task.ts';
import { payments } from '@meridian/payments/service.ts';
import { orders } from '../service.ts';

/** Holds the books of catalog, payments and orders against each other. */
export const conservationCheck = defineTask({
  name: 'conservation-check',
  summary: 'Holds stock, payments and orders against each other',
  calls: [
    call(catalog, 'listReservations', 'listStock'),
    call(orders, 'listAllOrders'),
    call(payments, 'listBalances', 'listPayments'),
  ],
  entry: 'services/orders/conservation/main.ts',
});
