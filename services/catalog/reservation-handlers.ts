import { pageSizeOf } from '@meridian/kit/pages/page-size.ts';
import type { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import type { Products } from './cached-products.ts';
import { CatalogService } from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { refuseTwice } from './refuse-twice.ts';
import { STOCK_PAGE_SIZE_DEFAULT } from './request-limits.ts';
import { ReservationStore } from './reservation-store.ts';
import type { Reservations } from './reservations.ts';
import { toReservationMessage } from './stock-message.ts';

/** Catalog's methods about reservations. */
export type ReservationMethod =
  'reserveStock' | 'commitReservation' | 'releaseReservation' | 'listReservations';

/** The handlers of these methods. */
export function reservationHandlers(
  products: Pick<Products, 'forgetStock'>,
  {
    database,
    reservations,
    pages,
  }: {
    readonly database: Session;
    readonly reservations: Reservations;
    readonly pages: PageTokens;
  },
): Pick<Handlers<typeof CatalogService>, ReservationMethod> {
  const { method } = CatalogService;
  return {
    async reserveStock(request) {
      const { reservationId, lines } = request;
      const productIds = lines.map(({ productId }) => productId);
      refuseTwice('lines', 'product_id', productIds);
      const reserved = await reservations.reserve(reservationId, lines);
      await products.forgetStock(reserved.changed);
      return reserved.kind === 'shortages'
        ? { shortages: reserved.shortages.map((shortage) => ({ ...shortage })) }
        : { reservation: toReservationMessage(reserved.reservation) };
    },

    async commitReservation(request) {
      const { reservation, changed } = await reservations.commit(request.reservationId);
      await products.forgetStock(changed);
      return { reservation: toReservationMessage(reservation) };
    },

    async releaseReservation(request) {
      const { reservation, changed } = await reservations.release(request.reservationId);
      await products.forgetStock(changed);
      return { reservation: toReservationMessage(reservation) };
    },

    async listReservations(request, call) {
      const store = new ReservationStore(database, () => undefined);
      const { items, nextPageToken } = await pages.page(method.listReservations, request, call, {
        size: pageSizeOf(request, STOCK_PAGE_SIZE_DEFAULT),
        list: (limit, after) => store.list(limit, after),
        placeOf: ({ reservationId }) => reservationId,
      });
      return { reservations: items.map(toReservationMessage), nextPageToken };
    },
  };
}
