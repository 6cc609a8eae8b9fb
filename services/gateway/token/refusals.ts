import { HttpProblem } from '../problem/http-problem.ts';

/** What a refusal says in WWW-Authenticate. Source: RFC 6750 section 3. */
const SCHEME = 'Bearer';

/** No token where one is needed; without an error code, as nothing was tried (RFC 6750, 3.1). */
export function tokenMissing(): HttpProblem {
  return new HttpProblem('unauthenticated', {
    detail: 'This operation needs an access token: send Authorization: Bearer.',
    headers: { 'www-authenticate': SCHEME },
  });
}

/**
 * A token that is not accepted. The caller is not told why: the reason is for the log, and would
 * help nobody but a forger.
 */
export function tokenInvalid(reason: unknown): HttpProblem {
  return new HttpProblem('unauthenticated', {
    detail: 'The access token is not valid, or no longer.',
    headers: { 'www-authenticate': `${SCHEME} error="invalid_token"` },
    cause: reason instanceof Error ? reason : new Error(String(reason)),
  });
}

/** Credentials that are not one bearer token, or are given twice. */
export function credentialsMalformed(detail: string): HttpProblem {
  return new HttpProblem('malformed-request', {
    detail,
    headers: { 'www-authenticate': `${SCHEME} error="invalid_request"` },
  });
}

/** A valid token whose subject lacks the role. Source: RFC 6750 section 3.1, insufficient_scope. */
export function roleMissing(roles: readonly string[]): HttpProblem {
  return new HttpProblem('permission-denied', {
    detail: `This operation is for the role ${roles.join(' or ')}.`,
    headers: { 'www-authenticate': `${SCHEME} error="insufficient_scope"` },
  });
}

/** Nobody can tell now whether a token is still good. */
export function tokensUncheckable(cause?: unknown): HttpProblem {
  return new HttpProblem('unavailable', {
    detail: 'Access tokens cannot be checked now; try again shortly.',
    headers: { 'retry-after': '1' },
    cause,
  });
}
