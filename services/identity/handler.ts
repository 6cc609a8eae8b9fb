import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { requireAccess } from '@meridian/kit/context/require-access.ts';
import { pageSizeOf } from '@meridian/kit/pages/page-size.ts';
import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { identityAccess } from './access.ts';
import { toAccountMessage } from './account-message.ts';
import { IdentityService } from './contract/gen/meridian/identity/v1/identity_pb.js';
import { createAccount } from './create-account.ts';
import { ensureAccount } from './ensure-account.ts';
import { isIdentifier } from './identifier.ts';
import { encodeCursor, readCursor } from './revocation-cursor.ts';
import { sessionHandlers } from './session-handlers.ts';
import { requireCaller } from './workshop.ts';
import type { Workshop } from './workshop.ts';

/** Accounts or revocations on a page when the request does not say. */
const PAGE_SIZE_DEFAULT = 500;

/** Identity's methods, for requests that their contract allows. */
export function identityHandlers(workshop: Workshop): Handlers<typeof IdentityService> {
  const { accounts, callerOf, eraser, keyStore, pages, revocations } = workshop;
  return {
    ...sessionHandlers(workshop),

    createAccount: (request, call) => createAccount(workshop, request, call),

    ensureAccount: (request, call) => ensureAccount(workshop, request, call),

    async getAccount({ accountId }, call) {
      // Before looking, so that the answer does not tell which accounts there are.
      requireAccess(identityAccess.getAccount, requireCaller(callerOf(call)), accountId);
      const account = isIdentifier(accountId) ? await accounts.get(accountId) : undefined;
      if (account === undefined) throw new RpcError('NOT_FOUND', 'there is no such account');
      return { account: toAccountMessage(account) };
    },

    async deleteAccount({ accountId }, call) {
      await eraser.delete(accountId, requireCaller(callerOf(call)));
      return {};
    },

    async listAccounts(request, call) {
      const { listAccounts } = IdentityService.method;
      const { items, nextPageToken } = await pages.page(listAccounts, request, call, {
        size: pageSizeOf(request, PAGE_SIZE_DEFAULT),
        list: (limit, after) => accounts.list(limit, after),
        placeOf: ({ accountId }) => accountId,
      });
      const told = items.map(({ roles, ...account }) => ({ ...account, roles: roles.toSorted() }));
      return { accounts: told, nextPageToken };
    },

    async listKeys() {
      const keys = await keyStore.list();
      return {
        // Members of RFC 7517 section 4 and RFC 8037 section 2.
        keys: keys.map(({ kid, publicKey }) => ({
          kty: 'OKP',
          crv: 'Ed25519',
          use: 'sig',
          alg: 'EdDSA',
          kid,
          x: publicKey.toString('base64url'),
        })),
      };
    },

    async listRevocations(request) {
      const limit = pageSizeOf(request, PAGE_SIZE_DEFAULT);
      const page = await revocations.list(limit, readCursor(request.afterCursor));
      return {
        revocations: page.revocations.map(({ sessionId, revokeTime, expireTime }) => ({
          sessionId,
          revokeTime: timestampFromDate(revokeTime),
          expireTime: timestampFromDate(expireTime),
        })),
        cursor: encodeCursor(page.cursor),
      };
    },
  };
}
