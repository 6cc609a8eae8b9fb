import { defineService } from '@meridian/components/model/service.ts';
import { postgres, redis } from '@meridian/components/model/store.ts';
import { catalogAccess } from './access.ts';
import { CatalogService } from './contract/gen/meridian/catalog/v1/catalog_pb.js';
import { catalogEvents } from './topics.ts';

/** Products, prices and stock. */
export const catalog = defineService({
  name: 'catalog',
  summary: 'Products, prices and stock',
  owner: 'platform-team',
  slot: 2,
  contract: CatalogService,
  publishes: [catalogEvents],
  stores: [
    postgres({ name: 'catalog', migrations: 'services/catalog/migrations' }),
    redis({ name: 'catalog' }),
  ],
  exposure: 'public',
  internalMethods: [
    'importProducts',
    'batchGetProducts',
    'reserveStock',
    'commitReservation',
    'releaseReservation',
    'listAllProducts',
    'listStock',
    'listReservations',
  ],
  systemMethods: [
    'importProducts',
    // Orders asks for its user, a rebuild of the index for nobody.
    'batchGetProducts',
    'reserveStock',
    'commitReservation',
    'releaseReservation',
    'listAllProducts',
    'listStock',
    'listReservations',
  ],
  access: catalogAccess,
  scale: { memoryMiB: 320 },
  objectives: { availabilityPercent: 99.9, latencyP95Ms: 50, latencyP99Ms: 200 },
  implemented: true,
});
