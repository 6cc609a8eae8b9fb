import type { StoreBinding } from '@meridian/components/model/client-types.ts';
import { openIdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import { pageKeyOfTable } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import { openRedis } from '@meridian/kit/redis/redis.ts';
import { runService } from '@meridian/kit/run-service.ts';
import { CachedProducts } from './cached-products.ts';
import { CatalogService } from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { catalogHandlers } from './handler.ts';
import { startSweeper } from './reservation-sweeper.ts';
import { Reservations } from './reservations.ts';
import type { catalog } from './service.ts';
import { watchConservation } from './stock-conservation.ts';
import { StockStore } from './stock-store.ts';
import { ProductStore } from './store.ts';

const database: StoreBinding<typeof catalog, 'postgres'> = 'catalog-postgres';
const cache: StoreBinding<typeof catalog, 'redis'> = 'catalog-redis';

await runService<typeof catalog>({
  contract: CatalogService,
  handlers: async (context) => {
    const redis = openRedis(context, cache);
    const opened = openDatabase(context, database, {
      // What is cached is answered without it; without both nothing is.
      need: () => (redis.isConnected ? 'degrading' : 'required'),
    });
    const stores = { products: new ProductStore(opened), stock: new StockStore(opened) };
    const products = new CachedProducts(stores, redis, context.metrics);
    const outbox = await context.openOutbox(opened);
    const reservations = new Reservations({ database: opened, outbox });
    startSweeper(context, reservations, products);
    watchConservation(context, opened);
    return catalogHandlers(products, {
      database: opened,
      keys: openIdempotencyKeys(context, opened, CatalogService),
      outbox,
      reservations,
      pages: new PageTokens(pageKeyOfTable(opened)),
    });
  },
});
