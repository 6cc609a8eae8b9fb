import { catalog } from '@meridian/catalog/service.ts';
import { catalogEvents } from '@meridian/catalog/topics.ts';
import { call } from '@meridian/components/model/call.ts';
import { defineService } from '@meridian/components/model/service.ts';
import { searchIndex } from '@meridian/components/model/store.ts';
import { searchAccess } from './access.ts';
import { SearchService } from './contract/gen/meridian/search/v1/search_pb.js';

/** Full-text search and facets over the catalogue. */
export const search = defineService({
  name: 'search',
  summary: 'Full-text search and facets over the catalogue',
  owner: 'platform-team',
  slot: 3,
  contract: SearchService,
  consumes: [catalogEvents],
  stores: [searchIndex({ name: 'products' })],
  exposure: 'public',
  calls: [call(catalog, 'listStock', 'batchGetProducts')],
  internalMethods: ['rebuildIndex', 'getIndexRebuild'],
  systemMethods: ['rebuildIndex', 'getIndexRebuild'],
  access: searchAccess,
  scale: { memoryMiB: 448 },
  objectives: {
    availabilityPercent: 99.5,
    latencyP95Ms: 150,
    latencyP99Ms: 500,
    // Somebody is typing.
    operations: { suggestProducts: { latencyP99Ms: 200 } },
    freshness: [
      {
        name: 'found',
        feels: 'Shoppers do not find products as they are now',
        age: 'consumer_lag_seconds',
        withinSeconds: 30,
        percent: 99,
      },
    ],
  },
  implemented: true,
});
