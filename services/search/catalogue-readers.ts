import {
  ProductCreatedSchema,
  ProductDiscontinuedSchema,
  ProductUpdatedSchema,
  StockChangedSchema,
} from '@meridian/catalog/contract/gen/meridian/catalog/v1/events_pb.js';
import type { Product } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { MalformedEventError } from '@meridian/kit/events/cloud-event.ts';
import { reading } from '@meridian/kit/events/event-reader.ts';
import type { ProductChange } from './product-document.ts';

/** What search reads of the catalogue's events; reservations show in the stock. */
export const CATALOGUE_READERS = [
  reading(ProductCreatedSchema, ({ product }) => productChange(product)),
  reading(ProductUpdatedSchema, ({ product }) => productChange(product)),
  reading(ProductDiscontinuedSchema, ({ product }) => productChange(product)),
  reading(StockChangedSchema, ({ stock }): ProductChange => {
    if (stock === undefined) throw new MalformedEventError('StockChanged without its stock');
    return { productId: stock.productId, stock };
  }),
];

function productChange(product: Product | undefined): ProductChange {
  if (product === undefined) throw new MalformedEventError('An event of a product without it');
  return { productId: product.productId, product };
}
