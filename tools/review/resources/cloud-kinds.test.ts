import { expect, test } from '@jest/globals';
import { knownCloudTypes } from '@meridian/provider-rehearsal/clouds/cloud-types.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { kindOf } from '../../meridian/rehearsal/restarts.ts';
import { CLOUD_KINDS } from './cloud-kinds.ts';
import { resourceFindings } from './resource-findings.ts';

type Inputs = Readonly<Record<string, unknown>> | undefined;

function kindsOf(type: string, old: Inputs, wanted: Inputs, op = 'update'): readonly string[] {
  const urn = `urn:pulumi:prod::meridian::${type}::one`;
  const step: StepMetadata = {
    op,
    urn,
    type,
    old: old === undefined ? null : { inputs: old, protect: true },
    new: wanted === undefined ? null : { inputs: wanted, protect: true },
  };
  return resourceFindings([step]).map(({ kind }) => kind);
}

const RDS = 'aws:rds/cluster:Cluster';
const MSK = 'aws:msk/cluster:Cluster';
const REDIS = 'aws:elasticache/replicationGroup:ReplicationGroup';
const EKS = 'aws:eks/cluster:Cluster';
const LOGS = 'aws:cloudwatch/logGroup:LogGroup';
const INGRESS = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';
const LOCK = 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock';

test.each<readonly [type: string, old: Inputs, wanted: Inputs, kind: string, op?: string]>([
  [RDS, {}, {}, 'data-replaced', 'replace'],
  [RDS, {}, undefined, 'data-deleted', 'delete'],
  ['aws:kms/key:Key', {}, undefined, 'data-deleted', 'delete'],
  [RDS, { deletionProtection: true }, { deletionProtection: false }, 'data-unprotected'],
  [RDS, { backupRetentionPeriod: 14 }, { backupRetentionPeriod: 7 }, 'backup-cut'],
  [RDS, { kmsKeyId: 'a' }, { kmsKeyId: 'b' }, 'trust-changed'],
  [RDS, { engineVersion: '17.5' }, { engineVersion: '17.6' }, 'engine-restarted'],
  [RDS, { skipFinalSnapshot: false }, { skipFinalSnapshot: true }, 'backup-cut'],
  [
    'aws:backup/plan:Plan',
    { rules: [{ lifecycle: { deleteAfter: 35 } }] },
    { rules: [{ lifecycle: { deleteAfter: 7 } }] },
    'backup-cut',
  ],
  ['aws:backup/selection:Selection', {}, undefined, 'backup-cut', 'delete'],
  [RDS, { iops: 3000 }, { iops: 1000 }, 'capacity-down'],
  [RDS, { iops: 3000 }, { iops: 2900 }, 'scale-changed'],
  [LOGS, { retentionInDays: 365 }, { retentionInDays: 30 }, 'retention-cut'],
  [INGRESS, undefined, { cidrIpv4: '0.0.0.0/0' }, 'newly-reachable', 'create'],
  [INGRESS, { cidrIpv4: '10.0.0.0/8' }, { cidrIpv4: '0.0.0.0/0' }, 'newly-reachable'],
  [INGRESS, undefined, { cidrIpv4: '10.0.0.0/8' }, 'network-opened', 'create'],
  [INGRESS, { referencedSecurityGroupId: 'sg-1' }, { cidrIpv4: '0.0.0.0/0' }, 'newly-reachable'],
  [LOCK, { blockPublicPolicy: true }, { blockPublicPolicy: false }, 'newly-reachable'],
  [
    EKS,
    { vpcConfig: { endpointPublicAccess: false } },
    { vpcConfig: { endpointPublicAccess: true } },
    'newly-reachable',
  ],
  [REDIS, { multiAzEnabled: true }, { multiAzEnabled: false }, 'zone-proof-lost'],
  [REDIS, { transitEncryptionEnabled: true }, { transitEncryptionEnabled: false }, 'trust-changed'],
  [
    MSK,
    { clientAuthentication: { unauthenticated: false } },
    { clientAuthentication: { unauthenticated: true } },
    'trust-changed',
  ],
  ['aws:iam/role:Role', { assumeRolePolicy: 'a' }, { assumeRolePolicy: 'b' }, 'trust-changed'],
  ['aws:iam/rolePolicy:RolePolicy', { policy: 'a' }, { policy: 'b' }, 'rights-added'],
  [
    'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
    undefined,
    { policyArn: 'a' },
    'rights-added',
    'create',
  ],
  ['aws:msk/topic:Topic', { configs: 'a' }, { configs: 'b' }, 'retention-cut'],
  [
    'cloudflare:index/zoneSetting:ZoneSetting',
    { value: 'strict' },
    { value: 'full' },
    'trust-changed',
  ],
  ['aws:sns/topic:Topic', { displayName: 'a' }, { displayName: 'b' }, 'unknown-change'],
  ['aws:sns/topic:Topic', { tagsAll: { a: '1' } }, { tagsAll: { a: '2' } }, 'object-changed'],
  [RDS, { tags: { a: '1' } }, { tags: {} }, 'object-changed'],
  ['aws:sqs/queue:Queue', { delaySeconds: 1 }, { delaySeconds: 2 }, 'may-replace'],
  // What a cluster runs is not said, and by its version the provider decides.
  [REDIS, { transitEncryptionEnabled: true }, { transitEncryptionEnabled: false }, 'may-replace'],
])('%s from %j to %j is told as %s', (...[type, old, wanted, kind, op]) => {
  expect(kindsOf(type, old, wanted, op)).toContain(kind);
});

test('what makes it safer is not a danger', () => {
  expect(kindsOf(RDS, { deletionProtection: false }, { deletionProtection: true })).toEqual([
    'object-changed',
  ]);
  expect(kindsOf(LOGS, { retentionInDays: 30 }, { retentionInDays: 365 })).toEqual([
    'object-changed',
  ]);
});

test('every kind is one that a rehearsal knows', () => {
  const known = new Set(knownCloudTypes().map(kindOf));
  expect(Object.keys(CLOUD_KINDS).filter((kind) => !known.has(kind))).toEqual([]);
});

test('a network in place of a group is one change of who comes in', () => {
  expect(
    kindsOf(INGRESS, { referencedSecurityGroupId: 'sg-1' }, { cidrIpv4: '10.0.0.0/8' }),
  ).toEqual(['network-opened']);
});
