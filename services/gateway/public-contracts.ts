import type { DescService } from '@bufbuild/protobuf';
import { CatalogService } from '@meridian/catalog/contract/gen/meridian/catalog/v1/catalog_pb.js';
import { IdentityService } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import type { ClientContracts } from '@meridian/kit/rpc/client-types.ts';
import { OrdersService } from '@meridian/orders/contract/gen/meridian/orders/v1/orders_pb.js';
import { SearchService } from '@meridian/search/contract/gen/meridian/search/v1/search_pb.js';
import type { gateway } from './service.ts';

/**
 * The contracts of the services that the declaration calls, by name: one that is missing or is
 * another's does not compile. Which of them are routed depends on the bindings that are there.
 */
export const PUBLIC_CONTRACTS = {
  catalog: CatalogService,
  identity: IdentityService,
  orders: OrdersService,
  search: SearchService,
} as const satisfies ClientContracts<typeof gateway>;

/** The name of a service that the gateway calls. */
export type PublicServiceName = keyof typeof PUBLIC_CONTRACTS;

/** All of them, in order of their names. */
export const PUBLIC_SERVICES: readonly (readonly [PublicServiceName, DescService])[] =
  Object.entries(PUBLIC_CONTRACTS) as [PublicServiceName, DescService][];
