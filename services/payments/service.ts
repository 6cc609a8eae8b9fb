import { external } from '@meridian/components/model/external.ts';
import { defineService } from '@meridian/components/model/service.ts';
import { postgres } from '@meridian/components/model/store.ts';
import { PaymentsService } from './contract/gen/meridian/payments/v1/payments_pb.js';
import { paymentsEvents } from './topics.ts';

/** Who moves the money: a company, not a part of the platform. */
export const paymentProvider = external({
  name: 'payment-provider',
  summary: 'Charges means of payment, and says what became of it',
  secrets: ['api-key', 'webhook-secret'],
  standIn: { entry: 'services/payments/provider-stand-in/main.ts', slot: 0 },
});

/** Authorises, captures and refunds money; only orders may ask it to. */
export const payments = defineService({
  name: 'payments',
  summary: 'Authorise, capture and refund',
  owner: 'platform-team',
  slot: 5,
  contract: PaymentsService,
  publishes: [paymentsEvents],
  stores: [
    postgres({
      name: 'payments',
      migrations: 'services/payments/migrations',
      appendOnly: ['ledger_entries'],
    }),
  ],
  externals: [paymentProvider],
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
  implemented: true,
});
