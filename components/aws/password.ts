import { secretsmanager } from '@pulumi/aws';
import { jsonStringify } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import { RandomPassword } from '@pulumi/random';

/** Whose passwords they are, and how they are kept. */
export interface PasswordsProps {
  readonly users: readonly string[];
  /** Another number than before gives everybody another password. */
  readonly generation: number;
  /** Of KMS, by which Secrets Manager encrypts them. */
  readonly keyArn: Input<string>;
}

/** Letters and digits alone, as no engine and no shell takes them for anything else: 40 of them are 238 bits. */
const LENGTH = 40;

/** Days in which a Secret that was deleted can be brought back. Source: Secrets Manager API, DeleteSecret (7 to 30) */
const RECOVERY_DAYS = 30;

/**
 * Declares a password that nobody has chosen for each user of an engine; Pulumi's state has them encrypted alone. They change
 * together, by their generation, so that Secrets Manager keeps them as one Secret of the engine, by user.
 */
export function declarePasswords(
  name: string,
  { users, generation, keyArn }: PasswordsProps,
  options: CustomResourceOptions,
): Readonly<Record<string, Output<string>>> {
  const passwords = Object.fromEntries(
    users.map((user) => {
      const { result } = new RandomPassword(
        `${name}-${user}`,
        { length: LENGTH, special: false, keepers: { generation: String(generation) } },
        { ...options, additionalSecretOutputs: ['result'] },
      );
      return [user, result] as const;
    }),
  );
  const kept = new secretsmanager.Secret(
    name,
    {
      description: `Passwords of ${name}, by user`,
      kmsKeyId: keyArn,
      recoveryWindowInDays: RECOVERY_DAYS,
    },
    options,
  );
  new secretsmanager.SecretVersion(
    name,
    { secretId: kept.id, secretString: jsonStringify(passwords) },
    options,
  );
  return passwords;
}
