import { credentialsMalformed, tokenMissing } from './refusals.ts';

/** Source: RFC 6750 section 2.1; the scheme's case does not matter (RFC 9110 section 11.1). */
const BEARER = /^bearer +(\S.*)$/i;

/**
 * The token in a request's Authorization header; undefined without one. It is taken from nowhere
 * else: one in a URL ends in logs (RFC 6750, section 2.3).
 *
 * @param rawHeaders names and values in turn, as they came: Node.js drops a second header silently
 * @throws {HttpProblem} 400 or 401
 */
export function bearerToken(rawHeaders: readonly string[]): string | undefined {
  const values = rawHeaders.filter(
    (_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization',
  );
  const [value, ...others] = values;
  if (value === undefined) return undefined;
  if (others.length > 0) {
    throw credentialsMalformed('There must be at most one Authorization header.');
  }
  const token = BEARER.exec(value)?.[1];
  // Of another scheme: nothing that was tried here has failed.
  if (token === undefined) throw tokenMissing();
  return token;
}
