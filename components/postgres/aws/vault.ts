import { backup } from '@pulumi/aws';
import type { CustomResourceOptions, Input, Resource } from '@pulumi/pulumi';
import { boundaryArn } from '../../aws/account-names.ts';
import type { AwsSettings } from '../../aws/aws-settings.ts';
import { trustOf } from '../../aws/policy-document.ts';
import { declareRole } from '../../aws/role.ts';
import type { AwsRole } from '../../aws/role.ts';

/**
 * Snapshots of the cluster that do not go with it. Of a DB cluster over three zones RDS keeps neither log nor backups once it is
 * deleted, so that whoever deletes it, and leaves out the last snapshot, would leave nothing; what is in the vault no deployment takes away
 * (bootstrap/deploy-policies.ts).
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.Limitations.html (PITR for deleted clusters)
 */
export interface PostgresVault {
  /** When one is begun, in UTC: some hours after RDS' own, with which it must not coincide, and after maintenance. */
  readonly schedule: string;
  /** Minutes in which it has to begin. */
  readonly startMinutes: number;
  readonly keepDays: number;
  readonly role: AwsRole;
}

/** AWS Backup Developer Guide, "Amazon Relational Database Service backups" */
const SCHEDULE = 'cron(0 6 * * ? *)';
const START_MINUTES = 60;

/** Longer than any log of changes is kept for. */
const KEEP_DAYS = 35;

/** The vault of a stack. */
export function postgresVault({ aws, environment }: AwsSettings): PostgresVault {
  return {
    schedule: SCHEDULE,
    startMinutes: START_MINUTES,
    keepDays: KEEP_DAYS,
    role: {
      trust: trustOf('backup.amazonaws.com'),
      boundary: boundaryArn({ account: aws.account, environment }),
      managed: ['service-role/AWSBackupServiceRolePolicyForBackup'],
    },
  };
}

/** Declares it, and what comes into it. */
export function declareVault(
  name: string,
  { schedule, startMinutes, keepDays, role }: PostgresVault,
  { keyArn, clusterArn }: { readonly keyArn: Input<string>; readonly clusterArn: Input<string> },
  options: CustomResourceOptions,
): readonly Resource[] {
  const vault = new backup.Vault(
    name,
    // A snapshot keeps the key of the cluster; this one is of what the vault itself writes.
    { kmsKeyArn: keyArn, forceDestroy: false },
    // AWS takes away no vault that has something in it; so whoever takes the stack away leaves it, and what it keeps, where it is.
    { ...options, protect: true, retainOnDelete: true },
  );
  const plan = new backup.Plan(
    name,
    {
      rules: [
        {
          ruleName: 'daily',
          targetVaultName: vault.name,
          schedule,
          startWindow: startMinutes,
          lifecycle: { deleteAfter: keepDays },
        },
      ],
    },
    options,
  );
  const { role: writer, complete } = declareRole(`${name}-backups`, role, options);
  const selection = new backup.Selection(
    name,
    { planId: plan.id, iamRoleArn: writer.arn, resources: [clusterArn] },
    { ...options, dependsOn: [...complete] },
  );
  return [vault, plan, selection];
}
