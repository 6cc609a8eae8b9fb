import { defineService } from '@meridian/components/model/service.ts';
import { postgres } from '@meridian/components/model/store.ts';
import { sampleContract } from '@meridian/components/model/testing/sample-contract.ts';

const objectives = { availabilityPercent: 99.9, latencyP95Ms: 200, latencyP99Ms: 500 };
const rateLimit = { requests: 600, windowSeconds: 60, burst: 20 };

/** Behind the door, where nobody asks it. */
export const shelf = defineService({
  name: 'shelf',
  summary: 'Has a database, and does nothing with it',
  owner: 'testers',
  slot: 1,
  contract: sampleContract('sample.shelf.v1.ShelfService', { readBook: '' }),
  stores: [postgres({ name: 'shelf', migrations: 'services/shelf/migrations' })],
  exposure: 'internal',
  objectives,
  implemented: true,
});

/** Behind the edge. */
export const door = defineService({
  name: 'door',
  summary: 'Answers every request by itself',
  owner: 'testers',
  slot: 0,
  signs: ['context'],
  rateLimits: {
    anonymous: rateLimit,
    customer: rateLimit,
    unverified: rateLimit,
    webhook: rateLimit,
  },
  exposure: 'edge',
  objectives,
  implemented: true,
});
