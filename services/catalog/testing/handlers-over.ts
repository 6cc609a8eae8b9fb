import { Metadata } from '@grpc/grpc-js';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import { IdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import { pageKeyOfTable } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';
import type { Transactional } from '@meridian/kit/postgres/database.ts';
import { underContract } from '@meridian/kit/testing/under-contract.ts';
import { CatalogService } from '../contract/gen/meridian/catalog/v1/catalog_pb.js';
import { catalogHandlers } from '../handler.ts';
import type { catalogEvents } from '../topics.ts';
import { Reservations } from '../reservations.ts';
import type { Clock } from '../reservation-store.ts';
import { ProductStore } from '../store.ts';

/** Catalog's handlers over a database; nobody relays what they leave in the outbox. */
export function handlersOver(
  database: Transactional,
  options: { readonly clock?: Clock } = {},
): ReturnType<typeof catalogHandlers> {
  const store = new ProductStore(database);
  const products = {
    get: async (productId: string) => (await store.getAll([productId])).at(0),
    list: store.list.bind(store),
    getAll: store.getAll.bind(store),
    // Nothing is kept, so there is nothing to forget.
    forget: () => Promise.resolve(),
    forgetStock: () => Promise.resolve(),
  };
  const outbox = new Outbox<typeof catalogEvents>(() => undefined);
  const handlers = catalogHandlers(products, {
    database,
    keys: new IdempotencyKeys(database, CatalogService),
    outbox,
    reservations: new Reservations({ database, outbox, ...options }),
    pages: new PageTokens(pageKeyOfTable(database)),
  });
  return underContract(CatalogService, handlers);
}

/** A call as the handlers see it: by whom, and with which idempotency key. */
export function callOf(
  options: { readonly key?: string; readonly peer?: string } = {},
): ServerCall {
  const metadata = new Metadata();
  if (options.key !== undefined) metadata.set('idempotency-key', options.key);
  return { metadata, peer: options.peer ?? 'spiffe://meridian.local/gateway' } as ServerCall;
}
