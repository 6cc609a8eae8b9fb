import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { toAccountMessage } from './account-message.ts';
import { IdentityService } from './contract/gen/meridian/identity/v1/identity_pb.js';
import type {
  CreateAccountRequest,
  CreateAccountResponseSchema,
} from './contract/gen/meridian/identity/v1/identity_pb.js';
import { emailKeyOf } from './email-address.ts';
import { refuseGuessable } from './password-rules.ts';
import { passwordSecret } from './password-secret.ts';
import { DEFAULT_ROLES } from './roles.ts';
import type { Workshop } from './workshop.ts';

/** Opens an account for its owner. Throws INVALID_ARGUMENT, ALREADY_EXISTS. */
export async function createAccount(
  { accounts, hasher, idempotency }: Workshop,
  request: CreateAccountRequest,
  call: ServerCall,
): Promise<MessageInitShape<typeof CreateAccountResponseSchema>> {
  const { method } = IdentityService;
  const { email, displayName, password } = request;
  const emailKey = emailKeyOf(email);
  refuseGuessable(password, emailKey);
  // Before the transaction, which would hold a connection while others are hashed.
  const passwordHash = await hasher.hash(password, call.signal);
  return idempotency.run(
    method.createAccount,
    request,
    call,
    async (transaction) => {
      const account = await accounts.create(
        { email, emailKey, displayName, roles: DEFAULT_ROLES, passwordHash },
        transaction,
      );
      if (account === undefined) {
        throw new RpcError('ALREADY_EXISTS', 'the e-mail address has an account already');
      }
      return { account: toAccountMessage(account) };
    },
    passwordSecret(hasher, { method: method.createAccount, emailKey, password }, call.signal),
  );
}
