import { call } from '@meridian/components/model/call.ts';
import { defineService } from '@meridian/components/model/service.ts';
import { redis } from '@meridian/components/model/store.ts';
import { identity } from '@meridian/identity/service.ts';

/** The edge API: HTTPS and JSON in, gRPC to the public services out. */
export const gateway = defineService({
  name: 'gateway',
  summary: 'The edge API: HTTPS and JSON in, gRPC out',
  owner: 'platform-team',
  slot: 0,
  // For itself; what public services have routes for it calls besides.
  calls: [call(identity, 'listKeys', 'listRevocations')],
  stores: [redis({ name: 'gateway' })],
  signs: ['context'],
  // So wide that only a flood meets them.
  rateLimits: {
    anonymous: { requests: 600_000, windowSeconds: 60, burst: 100_000 },
    customer: { requests: 600_000, windowSeconds: 60, burst: 100_000 },
    merchant: { requests: 1_200_000, windowSeconds: 60, burst: 200_000 },
    unverified: { requests: 6_000, windowSeconds: 60, burst: 1_000 },
    // A provider sends all that it has to say from a few addresses.
    webhook: { requests: 60_000, windowSeconds: 60, burst: 10_000 },
  },
  exposure: 'edge',
  // Every request of the others' is one of its own first.
  scale: { callsPerSecond: 30 },
  objectives: { availabilityPercent: 99.9, latencyP95Ms: 200, latencyP99Ms: 500 },
  implemented: true,
});
