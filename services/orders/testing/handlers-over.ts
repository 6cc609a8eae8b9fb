import { create } from '@bufbuild/protobuf';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import { IdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import { pageKeyOfTable } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { DatabaseProcess } from '@meridian/kit/postgres/testing/database-world.ts';
import { BatchGetProductsResponseSchema } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { OrdersService } from '../contract/gen/meridian/orders/v1/orders_pb.js';
import { EffectStore } from '../effect-store.ts';
import { ordersHandlers } from '../handler.ts';
import { OrderStore } from '../order-store.ts';
import { OrderWatch } from '../order-watch.ts';
import { Sagas } from '../sagas.ts';
import { METHODS_WITH_TOKEN } from '../write-handlers.ts';

/** Orders' handlers over a database: everything costs 10 EUR, nobody sends effects and nobody relays. */
export function handlersOver({
  database,
  runtime,
}: DatabaseProcess): ReturnType<typeof ordersHandlers> {
  const nobody = {
    ...{ wentOn: () => undefined, changed: () => undefined },
    ...{ asked: () => undefined, unexpected: () => undefined },
  };
  const price = { currencyCode: 'EUR', minorUnits: 1_000n };
  return ordersHandlers(
    {
      store: new OrderStore(database),
      effects: new EffectStore(database),
      pages: new PageTokens(pageKeyOfTable(database)),
      watch: new OrderWatch({ database, log: runtime.log }),
    },
    {
      keys: new IdempotencyKeys(database, OrdersService, { ownedBySubject: METHODS_WITH_TOKEN }),
      sagas: new Sagas(database, new Outbox<never>(() => undefined), nobody),
      catalog: {
        batchGetProducts: ({ productIds = [] }) =>
          Promise.resolve(
            create(BatchGetProductsResponseSchema, {
              products: productIds.map((productId) => ({ productId, name: 'Thing', price })),
            }),
          ),
      },
    },
  );
}
