import type { AwsSettings } from '../../aws/aws-settings.ts';
import { keyOf } from '../../aws/key.ts';
import type { AwsKey } from '../../aws/key.ts';
import { policyOf } from '../../aws/policy-document.ts';
import type { PolicyDocument } from '../../aws/policy-document.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';

/** Volumes of the cluster: what encrypts them, and of which kind they are unless a claim says another. */
export interface ClusterVolumes {
  readonly key: AwsKey;
  /** Name of the key, which the class of volumes says in a manifest: its number is only known when it is made. */
  readonly alias: string;
}

/** What encrypts volumes. */
export function clusterVolumes({ aws, environment }: AwsSettings): ClusterVolumes {
  return {
    key: keyOf(aws.account, 'Volumes of pods'),
    alias: `alias/meridian-${environment}-volumes`,
  };
}

/** The class of volumes of claims that name none. */
export function storageClass({ aws }: AwsSettings, { alias }: ClusterVolumes): Manifest {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: 'gp3-encrypted',
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    },
    provisioner: 'ebs.csi.aws.com',
    parameters: {
      type: 'gp3',
      encrypted: 'true',
      // Source: Amazon EC2 API, CreateVolume, KmsKeyId: "Alias ARN"
      kmsKeyId: `arn:aws:kms:${aws.region}:${aws.account}:${alias}`,
    },
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: true,
    // A volume is of one zone, and its pod decides of which.
    volumeBindingMode: 'WaitForFirstConsumer',
  };
}

/**
 * What the driver of volumes may do with the key, besides what AWS's own policy lets it do with volumes.
 * Source: kubernetes-sigs/aws-ebs-csi-driver, docs/install.md, "Encrypted EBS volumes"
 */
export function useOfKey(arn: string): PolicyDocument {
  return policyOf(
    {
      Effect: 'Allow',
      Action: ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'],
      Resource: arn,
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
    {
      Effect: 'Allow',
      Action: [
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      Resource: arn,
    },
  );
}
