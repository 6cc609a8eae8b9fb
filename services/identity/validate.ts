import { ROLES } from '@meridian/language/access.ts';
import { FieldViolations, lengthOf } from '@meridian/kit/rpc/field-violations.ts';
import { invalidArgument } from '@meridian/kit/rpc/invalid-argument.ts';
import type {
  CreateAccountRequest,
  CreateSessionRequest,
  EnsureAccountRequest,
  ListRevocationsRequest,
  RefreshSessionRequest,
} from './contract/gen/meridian/identity/v1/identity_pb.js';
import { EMAIL_LENGTH_MAX, emailKeyOf } from './email-address.ts';
import { PASSWORD_LENGTH_MAX, passwordProblem } from './password-rules.ts';
import { REFRESH_TOKEN_PATTERN } from './refresh-token.ts';
import { decodeCursor } from './revocation-cursor.ts';
import type { RevocationCursor } from './revocation-store.ts';

/** Characters of a display name at most. */
export const DISPLAY_NAME_LENGTH_MAX = 100;
/** Revocations on a page at most. */
export const PAGE_SIZE_MAX = 1000;
/** Revocations on a page when the request does not say. */
export const PAGE_SIZE_DEFAULT = 500;

const CONTROL_CHARACTER = /\p{Cc}/u;

/*
 * No message here repeats what was given: messages are logged, and what stands in a wrong field may
 * be a password.
 */

/** The key of the address of a good request. Throws INVALID_ARGUMENT. */
export function checkCreateAccount(request: CreateAccountRequest): string {
  const violations = new FieldViolations();
  const emailKey = checkEmail(request.email, violations);
  checkNewPassword(request.password, emailKey, violations);
  const length = lengthOf(request.displayName);
  if (length > DISPLAY_NAME_LENGTH_MAX) {
    violations.add(
      'display_name',
      `must have at most ${DISPLAY_NAME_LENGTH_MAX} characters, got ${length}`,
    );
  }
  if (CONTROL_CHARACTER.test(request.displayName)) {
    violations.add('display_name', 'must not contain control characters');
  }
  return valid(violations, emailKey);
}

/** The same for an account that the platform sets up. Throws INVALID_ARGUMENT. */
export function checkEnsureAccount(request: EnsureAccountRequest): string {
  const violations = new FieldViolations();
  const emailKey = checkEmail(request.email, violations);
  checkNewPassword(request.password, emailKey, violations);
  const known = request.roles.every((role) => ROLES.some((name) => name === role));
  const distinct = new Set(request.roles).size;
  if (!known || distinct === 0 || distinct < request.roles.length) {
    violations.add('roles', `must be one or more of ${ROLES.join(', ')}, each once`);
  }
  return valid(violations, emailKey);
}

/** The same for signing in, where any password is one that may have been good once. */
export function checkCreateSession(request: CreateSessionRequest): string {
  const violations = new FieldViolations();
  const emailKey = checkEmail(request.email, violations);
  const length = lengthOf(request.password);
  if (length < 1 || length > PASSWORD_LENGTH_MAX) {
    violations.add('password', `must have 1 to ${PASSWORD_LENGTH_MAX} characters, got ${length}`);
  }
  return valid(violations, emailKey);
}

/** The token of a good request. Throws INVALID_ARGUMENT. */
export function checkRefreshSession({ refreshToken }: RefreshSessionRequest): string {
  const violations = new FieldViolations();
  if (!REFRESH_TOKEN_PATTERN.test(refreshToken)) {
    violations.add('refresh_token', 'must be the refresh_token of a previous answer');
  }
  return valid(violations, refreshToken);
}

/** Which revocations a good request is for. Throws INVALID_ARGUMENT. */
export function checkListRevocations({ afterCursor, pageSize }: ListRevocationsRequest): {
  readonly limit: number;
  readonly after?: RevocationCursor;
} {
  const violations = new FieldViolations();
  if (pageSize < 0 || pageSize > PAGE_SIZE_MAX) {
    violations.add(
      'page_size',
      `must be 1 to ${PAGE_SIZE_MAX}, or 0 for the default of ${PAGE_SIZE_DEFAULT}, got ${pageSize}`,
    );
  }
  const after = afterCursor === '' ? undefined : decodeCursor(afterCursor);
  if (afterCursor !== '' && after === undefined) {
    violations.add('after_cursor', 'must be the cursor of a previous answer, or empty');
  }
  const limit = pageSize === 0 ? PAGE_SIZE_DEFAULT : pageSize;
  return valid(violations, after === undefined ? { limit } : { limit, after });
}

function checkNewPassword(
  password: string,
  emailKey: string | undefined,
  violations: FieldViolations,
): void {
  const problem = passwordProblem(password, emailKey);
  if (problem !== undefined) violations.add('password', problem);
}

function checkEmail(email: string, violations: FieldViolations): string | undefined {
  const emailKey = emailKeyOf(email);
  if (emailKey === undefined) {
    violations.add(
      'email',
      `must be an e-mail address such as 'ann@example.com' of at most ${EMAIL_LENGTH_MAX} characters`,
    );
  }
  return emailKey;
}

/** The value, which is there when nothing is wrong. */
function valid<T>(violations: FieldViolations, value: T | undefined): T {
  if (violations.found.length > 0 || value === undefined) throw invalidArgument(violations);
  return value;
}
