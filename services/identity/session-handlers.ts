import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { retryLater } from '@meridian/kit/rpc/error-details.ts';
import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { signAccessToken } from './access-token.ts';
import type { Caller } from './caller.ts';
import type {
  IdentityService,
  SessionTokensSchema,
} from './contract/gen/meridian/identity/v1/identity_pb.js';
import { emailDigestOf } from './email-address.ts';
import { isIdentifier } from './identifier.ts';
import { digestOf, newRefreshToken } from './refresh-token.ts';
import type { RefreshToken } from './refresh-token.ts';
import { SUPPORT_ROLE } from './roles.ts';
import type { LiveSession, OwnedSession } from './session-store.ts';
import { checkCreateSession, checkRefreshSession } from './validate.ts';
import { requireCaller } from './workshop.ts';
import type { Workshop } from './workshop.ts';

type SessionMethods = 'createSession' | 'refreshSession' | 'revokeSession';

/** The methods that open, continue and end sessions. */
export function sessionHandlers(
  workshop: Workshop,
): Pick<Handlers<typeof IdentityService>, SessionMethods> {
  const { accounts, attempts, callerOf, hasher, sessions } = workshop;
  return {
    async createSession(request, call) {
      const issueTimeMs = Date.now();
      const emailKey = checkCreateSession(request);
      const emailSha256 = emailDigestOf(emailKey);
      const delaySeconds = await attempts.begin(emailSha256);
      if (delaySeconds > 0) {
        throw retryLater('too many failed attempts to sign in; try again later', delaySeconds);
      }
      const account = await accounts.findCredentials(emailKey);
      // As costly without an account as with one, and answered with the same words.
      const { right, newHash } = await hasher.verifyAndRenew(
        request.password,
        account?.passwordHash,
        call.signal,
      );
      if (account === undefined || !right) throw wrongPassword();
      const refreshToken = newRefreshToken();
      const { accountId, roles } = account;
      const session = await sessions.create(
        { accountId, roles },
        refreshToken.sha256,
        async (transaction) => {
          if (!(await accounts.holdPassword(account, transaction))) throw wrongPassword();
          if (newHash !== undefined) await accounts.replaceHash(accountId, newHash, transaction);
          await attempts.forget(emailSha256, transaction);
        },
      );
      return { tokens: await tokensOf(workshop, session, refreshToken, issueTimeMs) };
    },

    async refreshSession(request, call) {
      const issueTimeMs = Date.now();
      const given = checkRefreshSession(request);
      const next = newRefreshToken();
      const outcome = await sessions.refresh(digestOf(given), next.sha256);
      if (outcome.kind === 'refused') {
        if (outcome.reason === 'reused') {
          call.log.warn(
            { session_id: outcome.sessionId },
            'a refresh token was used twice; its session is ended',
          );
        }
        throw new RpcError('UNAUTHENTICATED', 'the refresh token is not good any more; sign in');
      }
      return { tokens: await tokensOf(workshop, outcome.session, next, issueTimeMs) };
    },

    async revokeSession({ sessionId }, call) {
      const caller = requireCaller(callerOf(call));
      const session = await requireSessionOf(workshop, sessionId, caller);
      await sessions.revoke(session, caller.subject);
      return {};
    },
  };
}

function wrongPassword(): RpcError {
  return new RpcError('UNAUTHENTICATED', 'the e-mail address or the password is wrong');
}

/** A session of somebody else is one that does not exist, except for support. */
async function requireSessionOf(
  { sessions }: Workshop,
  sessionId: string,
  { subject, roles }: Caller,
): Promise<OwnedSession> {
  const accountId = isIdentifier(sessionId) ? await sessions.ownerOf(sessionId) : undefined;
  if (accountId !== undefined && (accountId === subject || roles.includes(SUPPORT_ROLE))) {
    return { sessionId, accountId };
  }
  throw new RpcError('NOT_FOUND', 'the caller has no session with this id');
}

async function tokensOf(
  { keys, audience }: Workshop,
  session: LiveSession,
  refreshToken: RefreshToken,
  issueTimeMs: number,
): Promise<MessageInitShape<typeof SessionTokensSchema>> {
  const accessToken = await signAccessToken(keys.current, audience, session, issueTimeMs);
  return {
    sessionId: session.sessionId,
    accessToken: accessToken.token,
    accessExpireTime: timestampFromDate(accessToken.expireTime),
    refreshToken: refreshToken.token,
    refreshExpireTime: timestampFromDate(session.refreshExpireTime),
  };
}
