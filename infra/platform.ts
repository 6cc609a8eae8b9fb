import { audit } from '@meridian/audit/service.ts';
import { catalogueSeed } from '@meridian/catalog/seed/task.ts';
import { catalog } from '@meridian/catalog/service.ts';
import { buildGraph } from '@meridian/components/model/build-graph.ts';
import type { PlatformGraph, ZoneNode } from '@meridian/components/model/graph.ts';
import { gateway } from '@meridian/gateway/service.ts';
import { merchantAccount } from '@meridian/identity/merchant/task.ts';
import { identity } from '@meridian/identity/service.ts';
import { orders } from '@meridian/orders/service.ts';
import { payments } from '@meridian/payments/service.ts';
import { search } from '@meridian/search/service.ts';

/** What a stack decides about the platform: where its zones are and under which trust domain. */
export interface PlatformPlace {
  readonly trustDomain: string;
  readonly zones: readonly ZoneNode[];
}

/** The platform: seven services and their tasks. Throws CodedError GRAPH_INVALID. */
export function platform({ trustDomain, zones }: PlatformPlace): PlatformGraph {
  return buildGraph({
    name: 'meridian',
    trustDomain,
    zones,
    services: [gateway, identity, catalog, search, orders, payments, audit],
    tasks: [catalogueSeed, merchantAccount],
  });
}
