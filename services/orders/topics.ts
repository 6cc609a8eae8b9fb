import { topic } from '@meridian/language/topic.ts';

/** What happened to orders; audit keeps it. */
export const ordersEvents = topic({ name: 'orders.events.v1', key: 'order_id', events: [] });
