import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { inBackground } from '@meridian/kit/background.ts';
import { runOutsideScope } from '@meridian/kit/call-scope.ts';
import { Refusal } from '@meridian/kit/idempotency/idempotency-keys.ts';
import { requireAccess } from '@meridian/kit/context/require-access.ts';
import type { SignedIn } from '@meridian/kit/context/require-access.ts';
import { retryLater } from '@meridian/kit/rpc/error-details.ts';
import type { Handlers, ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { identityAccess } from './access.ts';
import { signAccessToken } from './access-token.ts';
import { IdentityService } from './contract/gen/meridian/identity/v1/identity_pb.js';
import type {
  CreateSessionRequest,
  CreateSessionResponse,
  RefreshSessionRequest,
  RefreshSessionResponse,
  SessionTokensSchema,
} from './contract/gen/meridian/identity/v1/identity_pb.js';
import { emailDigestOf, emailKeyOf } from './email-address.ts';
import { isIdentifier } from './identifier.ts';
import { passwordSecret } from './password-secret.ts';
import { digestOf, newRefreshToken } from './refresh-token.ts';
import type { RefreshToken } from './refresh-token.ts';
import type { LiveSession, OwnedSession, RefusedRefresh } from './session-store.ts';
import { requireCaller } from './workshop.ts';
import type { Workshop } from './workshop.ts';

type SessionMethods = 'createSession' | 'refreshSession' | 'revokeSession';

/** The methods that open, continue and end sessions. */
export function sessionHandlers(
  workshop: Workshop,
): Pick<Handlers<typeof IdentityService>, SessionMethods> {
  const { callerOf, sessions } = workshop;
  return {
    createSession: (request, call) => createSession(workshop, request, call),

    refreshSession: (request, call) => refreshSession(workshop, request, call),

    async revokeSession({ sessionId }, call) {
      const caller = requireCaller(callerOf(call));
      const session = await requireSession(workshop, sessionId, caller);
      await sessions.revoke(session, caller.subject);
      return {};
    },
  };
}

async function createSession(
  workshop: Workshop,
  request: CreateSessionRequest,
  call: ServerCall,
): Promise<CreateSessionResponse> {
  const { attempts } = workshop;
  const emailKey = emailKeyOf(request.email);
  const emailSha256 = emailDigestOf(emailKey);
  const delaySeconds = await attempts.begin(emailSha256);
  if (delaySeconds > 0) {
    throw retryLater('too many failed attempts to sign in; try again later', delaySeconds);
  }
  try {
    return await signIn(workshop, request, call, { emailKey, emailSha256 });
  } catch (error) {
    // Trouble of ours is not a guess: a user who comes back after it must not be kept waiting for that.
    if (!(error instanceof WrongPassword)) {
      inBackground('sign-in attempt', () => runOutsideScope(() => attempts.takeBack(emailSha256)));
    }
    throw error;
  }
}

/** Signs in by an attempt that is counted already. Throws WrongPassword, and what else is in the way. */
async function signIn(
  workshop: Workshop,
  request: CreateSessionRequest,
  call: ServerCall,
  { emailKey, emailSha256 }: { readonly emailKey: string; readonly emailSha256: Buffer },
): Promise<CreateSessionResponse> {
  const { accounts, attempts, hasher, idempotency, sessions } = workshop;
  const issueTimeMs = Date.now();
  const account = await accounts.findCredentials(emailKey);
  const { password } = request;
  // As costly without an account as with one, and answered with the same words.
  const checked = await hasher.verifyAndRenew(password, account?.passwordHash, call.signal);
  if (account === undefined || !checked.right) throw new WrongPassword();
  const { accountId, roles } = account;
  const { newHash } = checked;
  const method = IdentityService.method.createSession;
  const first = { here: false };
  const answer = await idempotency.run(
    method,
    request,
    call,
    async (transaction) => {
      first.here = true;
      if (!(await accounts.holdPassword(account, transaction))) throw new WrongPassword();
      if (newHash !== undefined) await accounts.replaceHash(accountId, newHash, transaction);
      await attempts.forget(emailSha256, transaction);
      const refreshToken = newRefreshToken();
      const session = await sessions.create({ accountId, roles }, refreshToken.sha256, transaction);
      return { tokens: await tokensOf(workshop, session, refreshToken, issueTimeMs) };
    },
    passwordSecret(hasher, { method, emailKey, password }, call.signal),
  );
  if (!first.here) await attempts.forget(emailSha256);
  return answer;
}

async function refreshSession(
  workshop: Workshop,
  request: RefreshSessionRequest,
  call: ServerCall,
): Promise<RefreshSessionResponse> {
  const { idempotency, sessions } = workshop;
  const issueTimeMs = Date.now();
  const { refreshToken: given } = request;
  const first = { here: false };
  const answer = await idempotency.run(
    IdentityService.method.refreshSession,
    request,
    call,
    async (transaction) => {
      first.here = true;
      const next = newRefreshToken();
      const outcome = await sessions.refresh(digestOf(given), next.sha256, transaction);
      if (outcome.kind === 'refused') return new Refusal(notGoodAnyMore(outcome, call));
      return { tokens: await tokensOf(workshop, outcome.session, next, issueTimeMs) };
    },
    () => Buffer.from(given),
  );
  if (!first.here) {
    const answered = digestOf(answer.tokens?.refreshToken ?? '');
    const refused = await sessions.refuseRepetition(answered);
    if (refused !== undefined) throw notGoodAnyMore(refused, call);
  }
  return answer;
}

/** The same words for whatever refuses a token; the log knows more. */
function notGoodAnyMore(outcome: RefusedRefresh, { log }: ServerCall): RpcError {
  if (outcome.reason === 'reused') {
    const { sessionId: session_id } = outcome;
    log.warn({ session_id }, 'a refresh token was used twice; its session is ended');
  }
  return new RpcError('UNAUTHENTICATED', 'the refresh token is not good any more; sign in');
}

/** The verdict on an attempt to sign in. */
class WrongPassword extends RpcError {
  constructor() {
    super('UNAUTHENTICATED', 'the e-mail address or the password is wrong');
  }
}

/** The session that a caller may end. */
async function requireSession(
  { sessions }: Workshop,
  sessionId: string,
  caller: SignedIn,
): Promise<OwnedSession> {
  const accountId = isIdentifier(sessionId) ? await sessions.ownerOf(sessionId) : undefined;
  requireAccess(identityAccess.revokeSession, caller, accountId, sessionNotFound);
  if (accountId === undefined) throw sessionNotFound();
  return { sessionId, accountId };
}

function sessionNotFound(): RpcError {
  return new RpcError('NOT_FOUND', 'the caller has no session with this id');
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
