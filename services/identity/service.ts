import { defineService } from '@meridian/components/model/service.ts';
import { postgres, redis } from '@meridian/components/model/store.ts';
import { identityAccess } from './access.ts';
import { IdentityService } from './contract/gen/meridian/identity/v1/identity_pb.js';
import { identityEvents } from './topics.ts';

/** Accounts, sessions, signing keys and revocation. */
export const identity = defineService({
  name: 'identity',
  summary: 'Accounts, sessions, signing keys and revocation',
  owner: 'platform-team',
  slot: 1,
  contract: IdentityService,
  publishes: [identityEvents],
  stores: [
    postgres({ name: 'identity', migrations: 'services/identity/migrations' }),
    redis({ name: 'identity', implemented: false }),
  ],
  signs: ['token'],
  exposure: 'public',
  internalMethods: ['ensureAccount', 'listAccounts', 'listRevocations'],
  systemMethods: ['ensureAccount', 'listAccounts', 'listKeys', 'listRevocations'],
  access: identityAccess,
  objectives: {
    availabilityPercent: 99.9,
    // A password is hashed at a cost that is meant to be felt; what hashes none is as quick as anything.
    latencyP95Ms: 100,
    latencyP99Ms: 400,
    operations: {
      getAccount: { latencyP99Ms: 200 },
      listKeys: { latencyP99Ms: 200 },
      refreshSession: { latencyP99Ms: 200 },
      revokeSession: { latencyP99Ms: 200 },
    },
  },
  implemented: true,
});
