import { defineService } from '@meridian/components/model/service.ts';
import { postgres } from '@meridian/components/model/store.ts';
import { PaymentsService } from './contract/gen/meridian/payments/v1/payments_pb.js';
import { paymentsEvents } from './topics.ts';

/** Authorises, captures and refunds money; only orders may ask it to. */
export const payments = defineService({
  name: 'payments',
  summary: 'Authorise, capture and refund',
  slot: 5,
  contract: PaymentsService,
  publishes: [paymentsEvents],
  stores: [postgres({ name: 'payments', migrations: 'services/payments/migrations' })],
  exposure: 'internal',
  systemMethods: [
    'authorizePayment',
    'capturePayment',
    'refundPayment',
    'voidPayment',
    'getPayment',
    'listPayments',
    'listBalances',
    'reconcileStatement',
    'receiveWebhook',
  ],
  objectives: { availabilityPercent: 99.95, latencyP95Ms: 300, latencyP99Ms: 1000 },
  implemented: false,
});
