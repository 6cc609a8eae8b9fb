import { topic } from '@meridian/language/topic.ts';
import { PaymentChangedSchema } from './contract/gen/meridian/payments/v1/events_pb.js';

/** What happened to payments, keyed by order so that an order sees its own in sequence. */
export const paymentsEvents = topic({
  name: 'payments.events.v1',
  key: 'order_id',
  events: [PaymentChangedSchema],
});
