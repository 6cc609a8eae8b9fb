import { catalog } from '@meridian/catalog/service.ts';
import { identityEvents } from '@meridian/identity/topics.ts';
import { call } from '@meridian/components/model/call.ts';
import { defineService } from '@meridian/components/model/service.ts';
import { postgres } from '@meridian/components/model/store.ts';
import { payments } from '@meridian/payments/service.ts';
import { paymentsEvents } from '@meridian/payments/topics.ts';
import { ordersAccess } from './access.ts';
import { OrdersService } from './contract/gen/meridian/orders/v1/orders_pb.js';
import { ordersEvents } from './topics.ts';

/** The life cycle of orders: a saga over catalog and payments. */
export const orders = defineService({
  name: 'orders',
  summary: 'The order life cycle; a saga over catalog and payments',
  owner: 'platform-team',
  slot: 4,
  contract: OrdersService,
  calls: [
    call(catalog, 'batchGetProducts', 'reserveStock', 'commitReservation', 'releaseReservation'),
    call(
      payments,
      'authorizePayment',
      'capturePayment',
      'refundPayment',
      'voidPayment',
      'getPayment',
    ),
  ],
  publishes: [ordersEvents],
  consumes: [paymentsEvents, identityEvents],
  // The session is that of the watch, which listens for what other replicas change (order-watch.ts).
  stores: [postgres({ name: 'orders', migrations: 'services/orders/migrations', sessions: 1 })],
  exposure: 'public',
  internalMethods: ['listAllOrders', 'listOrderEffects'],
  systemMethods: ['listAllOrders', 'listOrderEffects'],
  access: ordersAccess,
  // What holds on two cores is ten orders a second (docs/performance.md), and a call of the saga is one as well.
  scale: { callsPerSecond: 5 },
  objectives: {
    availabilityPercent: 99.9,
    latencyP95Ms: 150,
    latencyP99Ms: 500,
    operations: { getOrder: { latencyP99Ms: 200 }, listOrders: { latencyP99Ms: 200 } },
    freshness: [
      {
        name: 'consumed',
        feels: 'Orders do not go on although they are paid',
        age: 'consumer_lag_seconds',
        withinSeconds: 30,
        percent: 99.5,
      },
    ],
  },
  implemented: true,
});
