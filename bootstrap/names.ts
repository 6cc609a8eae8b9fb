import { accountNames, roleArn } from '@meridian/components/aws/account-names.ts';
import { accessLogBucket } from '@meridian/components/aws/bucket-names.ts';
import type { BootstrapSettings } from './settings.ts';

/** Names of what an account has before the platform. */
export interface BootstrapNames {
  /** Bucket of states of Pulumi; of all accounts of AWS only one has a name. */
  readonly state: string;
  /** Bucket of records of what was asked of AWS. */
  readonly trail: string;
  /** Bucket in which S3 writes who asked what of every other. */
  readonly accessLog: string;
  /** Name of the key that encrypts states and what is secret in them. */
  readonly stateKey: string;
  readonly breakGlassArn: string;
  /** What names of repositories of images begin with, before a slash. */
  readonly images: string;
}

/** What everything is called. */
export function bootstrapNames(settings: BootstrapSettings): BootstrapNames {
  const { account, environment } = settings;
  return {
    state: `meridian-${environment}-state-${account}`,
    trail: `meridian-${environment}-trail-${account}`,
    accessLog: accessLogBucket(settings),
    stateKey: `alias/meridian-${environment}-state`,
    breakGlassArn: roleArn(settings, accountNames(environment).breakGlass),
    images: `meridian-${environment}`,
  };
}
