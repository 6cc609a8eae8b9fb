import { domainEvent } from '@meridian/kit/events/domain-event.ts';
import {
  ProductCreatedSchema,
  ProductDiscontinuedSchema,
  ProductUpdatedSchema,
  ReservationChangedSchema,
  StockChangedSchema,
} from './contract/gen/meridian/catalog/v1/events_pb.js';
import { toToldProduct } from './product-message.ts';
import type { StoredReservation } from './reservation-store.ts';
import { toReservationMessage, toStockMessage } from './stock-message.ts';
import type { StoredStock } from './stock-store.ts';
import type { StoredProduct } from './store.ts';

/** The event of a product that is new or another than before. */
export function productEvent(product: StoredProduct) {
  const schema = product.version === 1n ? ProductCreatedSchema : ProductUpdatedSchema;
  return domainEvent(schema, { product: toToldProduct(product) }, aggregateOf(product));
}

/** The event of a product that left the assortment. */
export function discontinuedEvent(product: StoredProduct) {
  return domainEvent(
    ProductDiscontinuedSchema,
    { product: toToldProduct(product) },
    aggregateOf(product),
  );
}

/** The event of stock that changed. */
export function stockEvent(stock: StoredStock) {
  return domainEvent(
    StockChangedSchema,
    { stock: toStockMessage(stock) },
    { key: `${stock.productId}/stock`, version: stock.version },
  );
}

/** The event of a reservation that was made or went on. */
export function reservationEvent(reservation: StoredReservation) {
  return domainEvent(
    ReservationChangedSchema,
    { reservation: toReservationMessage(reservation) },
    { key: `${reservation.reservationId}/reservation`, version: reservation.version },
  );
}

function aggregateOf({ productId: key, version }: StoredProduct) {
  return { key, version };
}
