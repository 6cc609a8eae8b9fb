import { topic } from '@meridian/language/topic.ts';
import {
  OrderChangedSchema,
  OrderPlacedSchema,
} from './contract/gen/meridian/orders/v1/events_pb.js';

/** What happened to orders; audit keeps it. */
export const ordersEvents = topic({
  name: 'orders.events.v1',
  key: 'order_id',
  events: [OrderPlacedSchema, OrderChangedSchema],
});
