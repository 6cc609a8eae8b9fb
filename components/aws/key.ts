import { kms } from '@pulumi/aws';
import type { CustomResourceOptions } from '@pulumi/pulumi';
import { policyOf } from './policy-document.ts';
import type { PolicyDocument, PolicyStatement } from './policy-document.ts';

/** A key of KMS, for one class of data. */
export interface AwsKey {
  /** What it is for, in the words of a person who finds it. */
  readonly description: string;
  readonly policy: PolicyDocument;
}

/** Days until a key that was deleted is gone, and everything with it that it has encrypted: as long as AWS lets us think. */
export const KEY_DELETION_DAYS = 30;

/**
 * What every key's policy says: IAM of the account decides who may use and administer it. Without it a mistake in the rest would
 * leave a key that nobody can change. Source: AWS KMS Developer Guide, "Default key policy"
 */
function ofAccount(account: string): PolicyStatement {
  return {
    Sid: 'AccountDecides',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
}

/**
 * A key whose users the account's IAM names, and besides them those who these statements let in. `Resource: *` is the key
 * itself: a key's policy has no other (AWS KMS Developer Guide, "Key policies in AWS KMS").
 */
export function keyOf(
  account: string,
  description: string,
  ...users: readonly PolicyStatement[]
): AwsKey {
  return { description, policy: policyOf(ofAccount(account), ...users) };
}

/**
 * Lets CloudWatch encrypt groups of logs of the account, and nothing else by the key.
 * Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using KMS"
 */
export function usedByLogs(region: string, account: string): PolicyStatement {
  return {
    Sid: 'LogsOfAccount',
    Effect: 'Allow',
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: [
      'kms:Encrypt',
      'kms:Decrypt',
      'kms:ReEncrypt*',
      'kms:GenerateDataKey*',
      'kms:Describe*',
    ],
    Resource: '*',
    Condition: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${region}:${account}:log-group:*`,
      },
    },
  };
}

/** Declares a key, which turns by itself every year and is never deleted by accident. */
export function declareKey(
  name: string,
  { description, policy }: AwsKey,
  options: CustomResourceOptions,
): kms.Key {
  return new kms.Key(
    name,
    {
      description,
      policy: JSON.stringify(policy),
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_DAYS,
    },
    { ...options, protect: true },
  );
}
