import { createClients } from '@meridian/kit/clients.ts';
import { runTask } from '@meridian/kit/process.ts';
import { CatalogService } from '../contract/gen/meridian/catalog/v1/catalog_pb.js';
import { loadCatalogue } from './load.ts';
import { productCount } from './product-count.ts';
import type { catalogueSeed } from './task.ts';

await runTask(async (runtime, signal) => {
  const { catalog } = createClients<typeof catalogueSeed>(runtime, { catalog: CatalogService });
  await loadCatalogue({
    count: productCount(process.argv[2], process.env),
    importProducts: (request, options) => catalog.importProducts(request, options),
    print: (line) => process.stdout.write(`${line}\n`),
    signal,
  });
});
