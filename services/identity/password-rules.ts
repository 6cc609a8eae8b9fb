import { lengthOf } from '@meridian/kit/rpc/field-violations.ts';
import { isCommonPassword } from './common-passwords.ts';

/** Characters of a password at least; more than the 8 that NIST SP 800-63B section 5.1.1.2 asks for. */
export const PASSWORD_LENGTH_MIN = 12;
/** Characters of a password at most; that section asks for no less than 64. */
export const PASSWORD_LENGTH_MAX = 128;

/** One form for all ways to type the same characters. Source: NIST SP 800-63B section 5.1.1.2. */
export function normalisePassword(password: string): string {
  return password.normalize('NFKC');
}

/**
 * What keeps a password from being taken, in words that do not repeat it; undefined for a good one.
 * There is a length and a list of the guessed first, and no rule about kinds of characters.
 */
export function passwordProblem(
  password: string,
  emailKey: string | undefined,
): string | undefined {
  const length = lengthOf(password);
  if (length < PASSWORD_LENGTH_MIN || length > PASSWORD_LENGTH_MAX) {
    return `must have ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters, got ${length}`;
  }
  const folded = normalisePassword(password).toLowerCase();
  if (folded === emailKey || folded === emailKey?.split('@')[0]) {
    return 'must not be the e-mail address';
  }
  if (isCommonPassword(folded)) return 'must not be among the passwords that are guessed first';
  return undefined;
}
