import { expect, test } from '@jest/globals';
import { knownCloudTypes } from '@meridian/provider-rehearsal/clouds/cloud-types.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { kindOf } from '../../meridian/rehearsal/restarts.ts';
import type { Finding } from '../finding.ts';
import { CLOUD_KINDS } from './cloud-kinds.ts';
import { resourceFindings } from './resource-findings.ts';

type Inputs = Readonly<Record<string, unknown>> | undefined;

function toldOf(
  type: string,
  old: Inputs,
  wanted: Inputs,
  keys: readonly string[] = [],
  op = keys.length > 0
    ? 'replace'
    : old === undefined
      ? 'create'
      : wanted === undefined
        ? 'delete'
        : 'update',
): readonly Finding[] {
  const urn = `urn:pulumi:prod::meridian::${type}::one`;
  const step: StepMetadata = {
    op,
    urn,
    type,
    keys,
    old: old === undefined ? null : { inputs: old, protect: true },
    new: wanted === undefined ? null : { inputs: wanted, protect: true },
  };
  return resourceFindings([step]);
}

function kindsOf(type: string, old: Inputs, wanted: Inputs, op = 'update'): readonly string[] {
  return toldOf(type, old, wanted, [], op).map(({ kind }) => kind);
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

test('every type that a program here makes of a cloud has a row', () => {
  expect(knownCloudTypes().filter((type) => CLOUD_KINDS[kindOf(type)] === undefined)).toEqual([]);
});

const OBJECT_LOCK = 'aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration';
const LIFECYCLE = 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration';
const VERSIONS = 'aws:s3/bucketVersioning:BucketVersioning';
const ENCRYPTED =
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration';
const ASSOCIATION = 'aws:eks/accessPolicyAssociation:AccessPolicyAssociation';
const DNS = 'cloudflare:index/dnsRecord:DnsRecord';
const POLICY = 'arn:aws:eks::aws:cluster-access-policy/';
const AES = { sseAlgorithm: 'AES256' };
const KMS = { sseAlgorithm: 'aws:kms' };

test.each<readonly [string, Inputs, Inputs, ...string[]]>([
  [OBJECT_LOCK, locked(400), locked(7), 'data-unprotected', '400', '7'],
  [OBJECT_LOCK, locked(7), locked(400), 'object-changed', '7', '400'],
  [OBJECT_LOCK, locked(7), undefined, 'data-unprotected', 'there', 'none'],
  [LIFECYCLE, former(400), former(1), 'backup-cut', '400', '1'],
  [LIFECYCLE, former(1), former(400), 'object-changed', '1', '400'],
  [
    VERSIONS,
    versions('Enabled'),
    versions('Suspended'),
    'data-unprotected',
    'Enabled',
    'Suspended',
  ],
  [VERSIONS, versions('Suspended'), versions('Enabled'), 'object-changed', 'Suspended', 'Enabled'],
  [
    RDS,
    { iamDatabaseAuthenticationEnabled: false },
    { iamDatabaseAuthenticationEnabled: true },
    'trust-changed',
    'false',
    'true',
  ],
  [ENCRYPTED, encrypted(KMS), encrypted(AES), 'trust-changed', 'aws:kms', 'AES256'],
  [ENCRYPTED, encrypted(AES), encrypted(KMS), 'object-changed', 'AES256', 'aws:kms'],
  [LOCK, { blockPublicPolicy: true }, undefined, 'newly-reachable', 'there', 'none'],
  [DNS, { proxied: true }, { proxied: false }, 'newly-reachable', 'true', 'false'],
  [DNS, { proxied: false }, { proxied: true }, 'object-changed', 'false', 'true'],
  [DNS, undefined, { type: 'CNAME', proxied: false }, 'newly-reachable', 'none', 'there'],
])('%s from %j to %j is told with its values as %s', (type, old, wanted, kind, before, after) => {
  expect(toldOf(type, old, wanted)).toContainEqual(
    expect.objectContaining({ kind, before, after }),
  );
});

test('a policy of a cluster that administers it is a danger, and a narrower one a check', () => {
  const [view, edit, admin] = ['ViewPolicy', 'EditPolicy', 'ClusterAdminPolicy'].map((name) => ({
    policyArn: `${POLICY}AmazonEKS${name}`,
  }));
  expect(kindsOf(ASSOCIATION, view, admin, 'replace')).toContain('rights-for-all');
  expect(kindsOf(ASSOCIATION, undefined, admin, 'create')).toEqual(['rights-for-all']);
  expect(kindsOf(ASSOCIATION, view, edit, 'replace')).toContain('rights-added');
  expect(kindsOf(ASSOCIATION, admin, undefined, 'delete')).toEqual(['rights-removed']);
});

test('a subnet of other addresses does not deploy beside the one that is there', () => {
  const [type, replaced] = ['aws:ec2/subnet:Subnet', 'replaced'];
  const [old, wanted] = [{ cidrBlock: '10.0.0.0/20' }, { cidrBlock: '10.0.16.0/20' }];
  const inNetwork = toldOf(type, old, wanted, ['cidrBlock']);
  expect(inNetwork.find(({ kind }) => kind === replaced)?.consequence).toMatch(/does not deploy/);
  const inAnother = toldOf(type, { ...old, vpcId: 'a' }, { ...wanted, vpcId: 'b' }, [
    'cidrBlock',
    'vpcId',
  ]);
  expect(inAnother.find(({ kind }) => kind === replaced)?.consequence).toMatch(/is away until/);
});

test('a route to the internet opens what had none, and a gateway in place of another does not', () => {
  const type = 'aws:ec2/route:Route';
  expect(kindsOf(type, { natGatewayId: 'nat' }, { gatewayId: 'igw' })).toContain('newly-reachable');
  expect(kindsOf(type, { gatewayId: 'igw-1' }, { gatewayId: 'igw-2' })).toEqual(['network-opened']);
});

function locked(days: number): Inputs {
  return { rule: { defaultRetention: { mode: 'GOVERNANCE', days } } };
}

function former(noncurrentDays: number): Inputs {
  return { rules: [{ noncurrentVersionExpiration: { noncurrentDays } }] };
}

function versions(status: string): Inputs {
  return { versioningConfiguration: { status } };
}

function encrypted(applyServerSideEncryptionByDefault: object): Inputs {
  return { rules: [{ applyServerSideEncryptionByDefault }] };
}
