import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { toAccountMessage } from './account-message.ts';
import type {
  EnsureAccountRequest,
  EnsureAccountResponseSchema,
} from './contract/gen/meridian/identity/v1/identity_pb.js';
import { emailKeyOf } from './email-address.ts';
import { refuseGuessable } from './password-rules.ts';
import type { Workshop } from './workshop.ts';

/**
 * Opens an account, or gives the one that is there this password and these roles. Whoever had opened
 * it with a password of their own is signed out, so that nobody gets roles by being there first.
 * Throws INVALID_ARGUMENT, and ABORTED when the account is opened by another call meanwhile.
 */
export async function ensureAccount(
  { accounts, hasher, sessions }: Workshop,
  request: EnsureAccountRequest,
  call: ServerCall,
): Promise<MessageInitShape<typeof EnsureAccountResponseSchema>> {
  const { email, password, roles } = request;
  const emailKey = emailKeyOf(email);
  refuseGuessable(password, emailKey);
  const found = await accounts.findCredentials(emailKey);
  if (found === undefined) {
    const passwordHash = await hasher.hash(password, call.signal);
    const account = { email, emailKey, displayName: '', roles, passwordHash, createdBy: call.peer };
    const created = await accounts.create(account);
    if (created === undefined) {
      throw new RpcError('ABORTED', 'the account was opened by another call meanwhile; try again');
    }
    return { account: toAccountMessage(created), created: true };
  }
  const { accountId } = found;
  const same = await hasher.verify(password, found.passwordHash, call.signal);
  const change = { accountId, roles, changedBy: call.peer };
  const account = same
    ? await accounts.update(change)
    : await accounts.update(
        { ...change, passwordHash: await hasher.hash(password, call.signal) },
        (transaction) => sessions.revokeAll(accountId, transaction),
      );
  return { account: toAccountMessage(account), created: false };
}
