import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import {
  AdjustStockRequestSchema,
  CommitReservationRequestSchema,
  CreateProductRequestSchema,
  DiscontinueProductRequestSchema,
  ReleaseReservationRequestSchema,
  ReserveStockRequestSchema,
} from '../contract/gen/meridian/catalog/v1/catalog_pb.js';
import type { CatalogService } from '../contract/gen/meridian/catalog/v1/catalog_pb.js';
import {
  ReservationSchema,
  ShortageReason,
  StockSchema,
} from '../contract/gen/meridian/catalog/v1/stock_pb.js';
import { productIdOf } from '../product-id.ts';
import type { ModelReservation, ModelStock, StockAnswer, StockRequest } from '../stock-model.ts';
import { callOf } from './handlers-over.ts';
import { SKUS } from './stock-requests.ts';

type CatalogHandlers = Handlers<typeof CatalogService>;

/** Catalog as the model sees it: asked in the model's words, answering in them. */
export interface AskedCatalog {
  readonly handlers: CatalogHandlers;
  /** Does a round of the sweeper; the ids that it expired. */
  readonly sweep: () => Promise<readonly string[]>;
  /** The etag for a version of a product's stock. */
  readonly etagOf: (productId: string, version: number) => Promise<string>;
}

const skuOf = (productId: string): string =>
  SKUS.find((sku) => productIdOf(sku) === productId) ?? productId;

/** Asks the real catalog what the model is asked. */
export async function askCatalog(
  catalog: AskedCatalog,
  request: StockRequest,
): Promise<StockAnswer> {
  try {
    return await answerOf(catalog, request);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { kind: 'refused', status: error.status as never };
  }
}

async function answerOf(
  { handlers, sweep, etagOf }: AskedCatalog,
  request: StockRequest,
): Promise<StockAnswer> {
  switch (request.method) {
    case 'createProduct': {
      const product = {
        sku: skuOf(request.productId),
        name: 'Kettle',
        category: 'kitchen',
        brand: 'Brandt',
        price: { currencyCode: 'EUR', minorUnits: 4990n },
        stock: request.onHand,
      };
      await handlers.createProduct(create(CreateProductRequestSchema, { product }), callOf());
      return await stockNow(handlers, request.productId);
    }
    case 'discontinueProduct': {
      const { productId } = request;
      const message = create(DiscontinueProductRequestSchema, { productId });
      await handlers.discontinueProduct(message, callOf());
      return await stockNow(handlers, productId);
    }
    case 'adjustStock': {
      const { productId, change, version } = request;
      const message = create(AdjustStockRequestSchema, {
        productId,
        etag: version === undefined ? '' : await etagOf(productId, version),
        change:
          'onHand' in change
            ? { case: 'onHand', value: change.onHand }
            : { case: 'difference', value: change.difference },
      });
      const { stock } = await handlers.adjustStock(message, callOf());
      return { kind: 'stock', stock: toModelStock(stock) };
    }
    case 'reserveStock': {
      const message = create(ReserveStockRequestSchema, {
        reservationId: request.reservationId,
        lines: [...request.lines],
      });
      const { reservation, shortages } = await handlers.reserveStock(message, callOf());
      if (reservation !== undefined) return reserved(reservation);
      return {
        kind: 'shortages',
        shortages: (shortages ?? []).map((found) => ({
          productId: found.productId ?? '',
          requested: found.requested ?? 0,
          available: found.available ?? 0,
          reason: found.reason ?? ShortageReason.UNSPECIFIED,
        })),
      };
    }
    case 'commitReservation': {
      const message = create(CommitReservationRequestSchema, request);
      return reserved((await handlers.commitReservation(message, callOf())).reservation);
    }
    case 'releaseReservation': {
      const message = create(ReleaseReservationRequestSchema, request);
      return reserved((await handlers.releaseReservation(message, callOf())).reservation);
    }
    case 'sweep':
      return { kind: 'expired', reservationIds: await sweep() };
  }
}

/** The stock of a product in the model's words, but for what the contract does not say of it. */
export function toModelStock(given: MessageInitShape<typeof StockSchema> | undefined): ModelStock {
  const stock = create(StockSchema, given);
  return {
    productId: stock.productId,
    onHand: stock.onHand,
    reserved: stock.reserved,
    received: Number(stock.received),
    sold: Number(stock.sold),
    version: Number(stock.version),
    discontinued: false,
  };
}

/** A reservation in the model's words. */
export function toModelReservation(
  given: MessageInitShape<typeof ReservationSchema> | undefined,
): ModelReservation {
  const reservation = create(ReservationSchema, given);
  const ms = (time: typeof reservation.createTime): number =>
    Number(time?.seconds) * 1000 + Math.round(Number(time?.nanos) / 1e6);
  return {
    reservationId: reservation.reservationId,
    status: reservation.status,
    lines: reservation.lines.map(({ productId, quantity }) => ({ productId, quantity })),
    createTimeMs: ms(reservation.createTime),
    expireTimeMs: ms(reservation.expireTime),
    version: Number(reservation.version),
  };
}

function reserved(given: Parameters<typeof toModelReservation>[0]): StockAnswer {
  return { kind: 'reservation', reservation: toModelReservation(given) };
}

async function stockNow(handlers: CatalogHandlers, productId: string): Promise<StockAnswer> {
  const { stock } = await handlers.getStock({ productId } as never, callOf());
  return { kind: 'stock', stock: toModelStock(stock) };
}
