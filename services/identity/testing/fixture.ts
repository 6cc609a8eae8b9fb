import { join } from 'node:path';
import { Outbox } from '@meridian/kit/events/outbox.ts';
import { IdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import { pageKeyOfTable } from '@meridian/kit/pages/page-key.ts';
import { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import { DatabaseWorld } from '@meridian/kit/postgres/testing/database-world.ts';
import { createLogger } from '@meridian/kit/telemetry/logger.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import { writeIdentity } from '@meridian/kit/testing/authority.ts';
import { underContract } from '@meridian/kit/testing/under-contract.ts';
import { SigningKey } from '@meridian/kit/tls/signing-key.ts';
import type { Pool } from 'pg';
import { signingFolder } from '@meridian/language/process-folder.ts';
import { tokenAudience } from '../access-token.ts';
import { AccountEvents } from '../account-events.ts';
import { AccountStore } from '../account-store.ts';
import type { SignedIn } from '@meridian/kit/context/require-access.ts';
import { IdentityService } from '../contract/gen/meridian/identity/v1/identity_pb.js';
import { AccountEraser } from '../delete-account.ts';
import { identityHandlers } from '../handler.ts';
import { KeyStore } from '../key-store.ts';
import { DEFAULT_HASHING_LIMITS, PasswordHasher } from '../password-hasher.ts';
import { RevocationStore } from '../revocation-store.ts';
import { SessionStore } from '../session-store.ts';
import { SignInAttempts } from '../sign-in-attempts.ts';
import { TokenKeys } from '../token-keys.ts';
import { committingAfter } from './committing-after.ts';
import type { BeforeCommit } from './committing-after.ts';
import { TEST_COST } from './test-cost.ts';

/** The SPIFFE ID of identity in tests. */
export const IDENTITY = 'spiffe://meridian.local/ns/meridian/sa/identity';

/** Identity's methods over a real database and a real key, with whatever caller the test says. */
export interface HandlersUnderTest {
  readonly handlers: ReturnType<typeof identityHandlers>;
  readonly pool: Pool;
  readonly log: Logger;
  /** All that was logged. */
  readonly lines: string[];
  /** Who calls from now on; nobody at first. */
  as(caller: SignedIn | undefined): void;
  /** What happens before each commit from now on; nothing at first. */
  beforeCommit(next: BeforeCommit): void;
  stop(): Promise<void>;
}

/** Opens a database, issues a key and puts the handlers together. */
export async function startHandlers(): Promise<HandlersUnderTest> {
  const world = await DatabaseWorld.create();
  const pool = await world.createDatabase('identity', 'services/identity/migrations');
  const signing = join(world.world.folder, signingFolder('token'));
  writeIdentity(signing, await world.world.authority.issue({ uris: [IDENTITY], signs: true }));
  const lines: string[] = [];
  const log = createLogger(
    { service: 'identity', version: '1', instance: 'identity-a-0', zone: 'a', logLevel: 'debug' },
    { write: (line) => lines.push(line) },
  );
  let beforeCommit: BeforeCommit = () => Promise.resolve();
  const database = committingAfter((await world.open('identity')).database, () => beforeCommit());
  // Nobody relays what is left in it.
  const events = new AccountEvents(new Outbox(() => undefined));
  const keyStore = new KeyStore(database);
  const signingKey = SigningKey.open(signing);
  const keys = new TokenKeys(signingKey, keyStore, log);
  await keys.publish();
  let caller: SignedIn | undefined;
  const attempts = new SignInAttempts(database);
  const sessions = new SessionStore(database, events);
  const handlers = identityHandlers({
    accounts: new AccountStore(database, events),
    attempts,
    eraser: new AccountEraser({ database, events, sessions, attempts }),
    idempotency: new IdempotencyKeys(database, IdentityService),
    pages: new PageTokens(pageKeyOfTable(database)),
    sessions,
    revocations: new RevocationStore(database),
    keyStore,
    hasher: new PasswordHasher(DEFAULT_HASHING_LIMITS, TEST_COST),
    keys,
    audience: tokenAudience(IDENTITY),
    callerOf: () => caller,
  });
  return {
    handlers: underContract(IdentityService, handlers),
    pool,
    log,
    lines,
    as: (next) => void (caller = next),
    beforeCommit: (next) => void (beforeCommit = next),
    async stop() {
      keys.close();
      signingKey.close();
      await world.close();
    },
  };
}
