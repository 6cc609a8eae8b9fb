import type { IdempotencyKeys } from '@meridian/kit/idempotency/idempotency-keys.ts';
import type { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import type { SignedIn } from '@meridian/kit/context/require-access.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { TokenAudience } from './access-token.ts';
import type { AccountStore } from './account-store.ts';
import type { CallerOf } from './caller.ts';
import type { AccountEraser } from './delete-account.ts';
import type { KeyStore } from './key-store.ts';
import type { PasswordHasher } from './password-hasher.ts';
import type { RevocationStore } from './revocation-store.ts';
import type { SessionStore } from './session-store.ts';
import type { SignInAttempts } from './sign-in-attempts.ts';
import type { TokenKeys } from './token-keys.ts';

/** What identity's methods work with. */
export interface Workshop {
  readonly accounts: AccountStore;
  readonly attempts: SignInAttempts;
  readonly eraser: AccountEraser;
  readonly idempotency: IdempotencyKeys;
  readonly pages: PageTokens;
  readonly sessions: SessionStore;
  readonly revocations: RevocationStore;
  readonly keyStore: KeyStore;
  readonly hasher: PasswordHasher;
  readonly keys: Pick<TokenKeys, 'current'>;
  readonly audience: TokenAudience;
  readonly callerOf: CallerOf;
}

/** The caller, who must be signed in. Throws UNAUTHENTICATED. */
export function requireCaller(caller: SignedIn | undefined): SignedIn {
  if (caller === undefined) throw new RpcError('UNAUTHENTICATED', 'the caller is not signed in');
  return caller;
}
