import type { DescMethod } from '@bufbuild/protobuf';
import type { SecretOf } from '@meridian/kit/idempotency/idempotency-keys.ts';
import { methodName } from '@meridian/language/method.ts';
import type { PasswordHasher } from './password-hasher.ts';

/** A request that somebody sends a password with. */
interface PasswordRequest {
  readonly method: DescMethod;
  readonly emailKey: string;
  readonly password: string;
}

/**
 * The secret of a request with a password, which whoever reads the database tries guesses at as slowly as
 * at the account's own hash. Each idempotency key has a salt of its own, and a repetition has the same.
 */
export function passwordSecret(
  hasher: PasswordHasher,
  { method, emailKey, password }: PasswordRequest,
  signal: AbortSignal,
): SecretOf {
  return (key) =>
    hasher.stretch(password, JSON.stringify([methodName(method), emailKey, key]), signal);
}
