import {
  BadRequestSchema,
  ErrorInfoSchema,
} from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import {
  detail,
  ERROR_DOMAIN,
  ERROR_REASONS,
  errorWithDetails,
} from '@meridian/kit/rpc/error-details.ts';
import { isCommonPassword } from './common-passwords.ts';

/** One form for all ways to type the same characters. Source: NIST SP 800-63B section 5.1.1.2. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC');
}

/**
 * What makes a password easy to guess, in words that do not repeat it; undefined for a good one. There is a
 * list of the guessed first and, in the contract, a length, and no rule about kinds of characters.
 */
export function passwordProblem(password: string, emailKey: string): string | undefined {
  const folded = normalisePassword(password).toLowerCase();
  if (folded === emailKey || folded === emailKey.split('@')[0]) {
    return 'must not be the e-mail address';
  }
  if (isCommonPassword(folded)) return 'must not be among the passwords that are guessed first';
  return undefined;
}

/** Throws INVALID_ARGUMENT with the reason PASSWORD_GUESSABLE, which no rule of the contract can say. */
export function refuseGuessable(password: string, emailKey: string): void {
  const description = passwordProblem(password, emailKey);
  if (description === undefined) return;
  throw errorWithDetails('INVALID_ARGUMENT', `password ${description}`, [
    detail(ErrorInfoSchema, { reason: ERROR_REASONS.passwordGuessable, domain: ERROR_DOMAIN }),
    detail(BadRequestSchema, { fieldViolations: [{ field: 'password', description }] }),
  ]);
}
