import { topic } from '@meridian/language/topic.ts';
import {
  ProductCreatedSchema,
  ProductDiscontinuedSchema,
  ProductUpdatedSchema,
  ReservationChangedSchema,
  StockChangedSchema,
} from './contract/gen/meridian/catalog/v1/events_pb.js';

/** What happened to products, prices and stock; search and audit follow it. */
export const catalogEvents = topic({
  name: 'catalog.events.v1',
  key: 'product, stock or reservation',
  events: [
    ProductCreatedSchema,
    ProductUpdatedSchema,
    ProductDiscontinuedSchema,
    StockChangedSchema,
    ReservationChangedSchema,
  ],
});
