import type { StoreBinding } from '@meridian/components/model/client-types.ts';
import { openIdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import { openDatabase } from '@meridian/kit/postgres/database.ts';
import { runService } from '@meridian/kit/run-service.ts';
import { CatalogService } from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { catalogHandlers } from './handler.ts';
import type { catalog } from './service.ts';
import { ProductStore } from './store.ts';

const database: StoreBinding<typeof catalog, 'postgres'> = 'catalog-postgres';

await runService<typeof catalog>({
  contract: CatalogService,
  handlers: async (context) => {
    const opened = openDatabase(context, database);
    return catalogHandlers(new ProductStore(opened), {
      database: opened,
      keys: openIdempotencyKeys(context, opened),
      outbox: await context.openOutbox(opened),
    });
  },
});
