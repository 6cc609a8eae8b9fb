import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  ReservationSchema,
  StockSchema,
} from './contract/gen/meridian/catalog/v1/stock_pb.js';
import { toTimestamp } from './product-message.ts';
import type { StoredReservation } from './reservation-store.ts';
import type { StoredStock } from './stock-store.ts';

/** The stock of a product as the contract's message. */
export function toStockMessage(stock: StoredStock): MessageInitShape<typeof StockSchema> {
  return {
    productId: stock.productId,
    onHand: stock.onHand,
    reserved: stock.reserved,
    received: stock.received,
    sold: stock.sold,
    updateTime: toTimestamp(stock.updateTimeMicros),
    version: stock.version,
    etag: stockEtagOf(stock),
  };
}

/** A reservation as the contract's message. */
export function toReservationMessage(
  reservation: StoredReservation,
): MessageInitShape<typeof ReservationSchema> {
  return {
    reservationId: reservation.reservationId,
    status: reservation.status,
    lines: reservation.lines.map(({ productId, quantity }) => ({ productId, quantity })),
    createTime: toTimestamp(reservation.createTimeMicros),
    expireTime: toTimestamp(reservation.expireTimeMicros),
    updateTime: toTimestamp(reservation.updateTimeMicros),
    version: reservation.version,
  };
}

/** Opaque, another for each version, also of a product that was wiped and made again. */
export function stockEtagOf({
  version,
  updateTimeMicros,
}: Pick<StoredStock, 'version' | 'updateTimeMicros'>): string {
  return `${version}-${updateTimeMicros.toString(36)}`;
}
