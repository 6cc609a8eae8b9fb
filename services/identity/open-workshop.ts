import type { Outbox } from '@meridian/kit/events/outbox.ts';
import { openIdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import { pageKeyOfTable } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { Transactional } from '@meridian/kit/postgres/database.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import type { SigningKey } from '@meridian/kit/tls/signing-key.ts';
import type { identityEvents } from './topics.ts';
import { tokenAudience } from './access-token.ts';
import { AccountEvents } from './account-events.ts';
import { AccountStore } from './account-store.ts';
import { IdentityService } from './contract/gen/meridian/identity/v1/identity_pb.js';
import { AccountEraser } from './delete-account.ts';
import { Housekeeping, REMOVAL_BATCH } from './housekeeping.ts';
import { KeyStore } from './key-store.ts';
import { PasswordHasher } from './password-hasher.ts';
import { RevocationStore } from './revocation-store.ts';
import { SessionStore } from './session-store.ts';
import { SignInAttempts } from './sign-in-attempts.ts';
import { TokenKeys } from './token-keys.ts';
import type { Workshop } from './workshop.ts';

/**
 * Sets up what the methods work with: the stores, the replica's key, which is published before the
 * process is ready, and the chores that run beside them until it leaves.
 */
export function openWorkshop(
  runtime: Runtime,
  database: Transactional,
  outbox: Outbox<typeof identityEvents>,
  signingKey: SigningKey,
): Omit<Workshop, 'callerOf'> {
  const keyStore = new KeyStore(database);
  const attempts = new SignInAttempts(database);
  const events = new AccountEvents(outbox);
  const sessions = new SessionStore(database, events);
  const revocations = new RevocationStore(database);
  const keys = new TokenKeys(signingKey, keyStore, runtime.log);
  const housekeeping = new Housekeeping(
    [
      () => keys.publish(),
      () => keyStore.removeExpired(),
      () => attempts.removeOld(),
      () => revocations.removeExpired(REMOVAL_BATCH),
      () => sessions.removeExpired(REMOVAL_BATCH),
    ],
    runtime.log,
  );
  runtime.readiness.add('token key', keys.check);
  runtime.onRelease('token key', () => keys.close());
  runtime.onRelease('housekeeping', () => housekeeping.close());
  return {
    accounts: new AccountStore(database, events),
    attempts,
    eraser: new AccountEraser({ database, events, sessions, attempts }),
    idempotency: openIdempotencyKeys(runtime, database, IdentityService),
    pages: new PageTokens(pageKeyOfTable(database)),
    sessions,
    revocations,
    keyStore,
    hasher: new PasswordHasher(),
    keys,
    audience: tokenAudience(runtime.configuration.spiffeId),
  };
}
