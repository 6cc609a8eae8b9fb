import { requireAccess } from '@meridian/kit/context/require-access.ts';
import type { SignedIn } from '@meridian/kit/context/require-access.ts';
import type { Transaction, Transactional } from '@meridian/kit/postgres/database.ts';
import { ERROR_REASONS, errorWithReason } from '@meridian/kit/rpc/error-details.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { identityAccess } from './access.ts';
import { accountEvent } from './account-events.ts';
import type { AccountEvents } from './account-events.ts';
import { AccountDeletedSchema } from './contract/gen/meridian/identity/v1/events_pb.js';
import { emailDigestOf } from './email-address.ts';
import { isIdentifier } from './identifier.ts';
import type { SessionStore } from './session-store.ts';
import type { SignInAttempts } from './sign-in-attempts.ts';

/**
 * How long ago its owner may have signed in: whoever finds an open session must not be able to end the
 * account. Nothing brings it back.
 */
export const FRESH_SESSION_SECONDS = 600;

const NOT_FRESH = `the caller must have signed in within the last ${FRESH_SESSION_SECONDS / 60} minutes to delete the account; sign in again`;

/** What deleting an account touches. */
export interface AccountEraserOptions {
  readonly database: Transactional;
  readonly events: AccountEvents;
  readonly sessions: SessionStore;
  readonly attempts: SignInAttempts;
}

/** Deletes accounts, with everything that identity keeps of them. */
export class AccountEraser {
  readonly #options: AccountEraserOptions;

  constructor(options: AccountEraserOptions) {
    this.#options = options;
  }

  /**
   * Deletes an account for its owner, who has signed in lately, or for whoever may delete any. Its sessions end, and what
   * is left are events that name it by its id. One's own account may be gone already: the answer to the
   * call that deleted it may have been lost. Throws PERMISSION_DENIED, NOT_FOUND, FAILED_PRECONDITION.
   */
  async delete(accountId: string, caller: SignedIn): Promise<void> {
    const { subject } = caller;
    const own = accountId === subject;
    // Before looking, so that the answer does not tell which accounts there are.
    requireAccess(identityAccess.deleteAccount, caller, accountId);
    const { attempts, database, events, sessions } = this.#options;
    await database.transaction(async (transaction) => {
      const emailKey = isIdentifier(accountId) ? await lock(transaction, accountId) : undefined;
      if (emailKey === undefined) {
        if (own) return;
        throw new RpcError('NOT_FOUND', 'there is no such account');
      }
      if (own && !(await sessions.isFresh(accountId, FRESH_SESSION_SECONDS, transaction))) {
        throw errorWithReason('FAILED_PRECONDITION', ERROR_REASONS.signInNotRecent, NOT_FRESH);
      }
      await sessions.endForDeletion(accountId, subject, transaction);
      await events.add(transaction, accountId, [
        accountEvent(AccountDeletedSchema, { deletedBy: subject }),
      ]);
      await attempts.forget(emailDigestOf(emailKey), transaction);
      await erase(transaction, accountId);
    });
  }
}

/** The key of the account's address; whoever would sign in or change it waits from now on. */
async function lock(transaction: Transaction, accountId: string): Promise<string | undefined> {
  const [row] = await transaction.query<{ readonly email_key: string }>({
    name: 'lock_account_for_deletion',
    text: 'SELECT email_key FROM accounts WHERE account_id = $1 FOR UPDATE',
    values: [accountId],
  });
  return row?.email_key;
}

/** Answers under the secret of a request cannot be found by an account: they are encrypted, and go in minutes. */
async function erase(transaction: Transaction, accountId: string): Promise<void> {
  await transaction.query({
    name: 'erase_idempotency_answers',
    text: 'DELETE FROM idempotency_keys WHERE subject = $1',
    values: [accountId],
  });
  await transaction.query({
    name: 'erase_sessions',
    text: 'DELETE FROM sessions WHERE account_id = $1',
    values: [accountId],
  });
  await transaction.query({
    name: 'erase_account',
    text: 'DELETE FROM accounts WHERE account_id = $1',
    values: [accountId],
  });
}
