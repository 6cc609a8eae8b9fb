import type { MessageInitShape } from '@bufbuild/protobuf';
import { etagOf, toTimestamp } from '@meridian/kit/rpc/versioned.ts';
import type {
  ReservationSchema,
  StockSchema,
} from './contract/gen/meridian/catalog/v1/stock_pb.js';
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
    etag: etagOf(stock),
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
