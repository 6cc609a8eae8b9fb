import { buildGraph } from '@meridian/components/model/build-graph.ts';
import type { PlatformGraph, ZoneNode } from '@meridian/components/model/graph.ts';
import { defineService } from '@meridian/components/model/service.ts';
import { postgres } from '@meridian/components/model/store.ts';
import { sampleContract } from '@meridian/components/model/testing/sample-contract.ts';

const objectives = { availabilityPercent: 99.9, latencyP95Ms: 200, latencyP99Ms: 500 };
const rateLimit = { requests: 600, windowSeconds: 60, burst: 20 };

const shelf = defineService({
  name: 'shelf',
  summary: 'Has a database, and does nothing with it',
  contract: sampleContract('sample.shelf.v1.ShelfService', { readBook: '' }),
  stores: [postgres({ name: 'shelf', migrations: 'services/shelf/migrations' })],
  exposure: 'internal',
  objectives,
  implemented: true,
});

const door = defineService({
  name: 'door',
  summary: 'Answers every request by itself',
  signs: ['context'],
  rateLimits: {
    anonymous: rateLimit,
    customer: rateLimit,
    merchant: rateLimit,
    unverified: rateLimit,
  },
  exposure: 'edge',
  objectives,
  implemented: true,
});

/** What this platform's copy of the program has in place of `infra/platform.ts`: no broker, and two services. */
export function platform({
  trustDomain,
  zones,
}: {
  readonly trustDomain: string;
  readonly zones: readonly ZoneNode[];
}): PlatformGraph {
  return buildGraph({ name: 'small', trustDomain, zones, services: [door, shelf], tasks: [] });
}
