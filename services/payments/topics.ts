import { topic } from '@meridian/language/topic.ts';

/** What happened to payments, keyed by order so that an order sees its own in sequence. */
export const paymentsEvents = topic({ name: 'payments.events.v1', key: 'order_id', events: [] });
