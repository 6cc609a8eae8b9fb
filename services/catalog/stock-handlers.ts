import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { CatalogService } from './contract/gen/meridian/catalog/v1/catalog_pb.js';

export type StockMethod =
  | 'batchGetProducts'
  | 'discontinueProduct'
  | 'getStock'
  | 'adjustStock'
  | 'reserveStock'
  | 'commitReservation'
  | 'releaseReservation'
  | 'listStock'
  | 'listReservations';

/** Catalog's methods about stock. */
export function stockHandlers(): Pick<Handlers<typeof CatalogService>, StockMethod> {
  const refuse = (): never => {
    throw new RpcError('UNIMPLEMENTED', 'Not written yet');
  };
  return {
    batchGetProducts: refuse,
    discontinueProduct: refuse,
    getStock: refuse,
    adjustStock: refuse,
    reserveStock: refuse,
    commitReservation: refuse,
    releaseReservation: refuse,
    listStock: refuse,
    listReservations: refuse,
  };
}
