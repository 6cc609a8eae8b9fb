import { secretsmanager } from '@pulumi/aws';
import { jsonStringify } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import { RandomPassword } from '@pulumi/random';

/** Whose password it is, and how it is kept. */
export interface PasswordProps {
  readonly user: string;
  /** Another number than before gives another password. */
  readonly generation: number;
  /** Of KMS, by which Secrets Manager encrypts it. */
  readonly keyArn: Input<string>;
}

/** Letters and digits alone, as no engine and no shell takes them for anything else: 40 of them are 238 bits. */
const LENGTH = 40;

/** Days in which a Secret that was deleted can be brought back. Source: Secrets Manager API, DeleteSecret (7 to 30) */
const RECOVERY_DAYS = 30;

/** Declares a password that nobody has chosen, kept in Secrets Manager; Pulumi's state has it encrypted alone. */
export function declarePassword(
  name: string,
  { user, generation, keyArn }: PasswordProps,
  options: CustomResourceOptions,
): Output<string> {
  const { result } = new RandomPassword(
    name,
    { length: LENGTH, special: false, keepers: { generation: String(generation) } },
    { ...options, additionalSecretOutputs: ['result'] },
  );
  const kept = new secretsmanager.Secret(
    name,
    {
      description: `Password of ${user}`,
      kmsKeyId: keyArn,
      recoveryWindowInDays: RECOVERY_DAYS,
    },
    options,
  );
  new secretsmanager.SecretVersion(
    name,
    { secretId: kept.id, secretString: jsonStringify({ username: user, password: result }) },
    options,
  );
  return result;
}
