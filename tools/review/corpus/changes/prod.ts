import type { ProdChange } from '../prod-change.ts';

const POSTGRES = 'components/postgres/aws.ts';
const REDIS = 'components/redis/aws.ts';
const KAFKA = 'components/kafka/aws.ts';
const KEY = 'components/aws/key.ts';
const BUCKET = 'components/aws/bucket.ts';
const CLOUDFLARE = 'components/edge/aws/cloudflare.ts';
const BALANCER = 'components/edge/aws/balancer.ts';
const RULES = 'components/edge/aws/plan-rules.ts';
const SIZES = 'stacks/prod-sizes.ts';
const SETTINGS = 'stacks/prod.ts';

/** A change of one place. */
function change(
  name: string,
  [file, find, replace]: readonly [file: string, find: string, replace: string],
  level: ProdChange['level'],
  tells: ProdChange['tells'] = [],
): ProdChange {
  return { name, edits: [{ file, find, replace }], level, tells };
}

/** Changes of production's own landings and settings. */
export const PROD_CHANGES: readonly ProdChange[] = [
  change(
    'the database can be deleted by whoever asks',
    [POSTGRES, 'deletionProtection: true', 'deletionProtection: false'],
    'danger',
    [
      { kind: 'data-unprotected', subject: 'Cluster postgres', property: 'deletionProtection' },
      {
        kind: 'policy-broken',
        subject: 'aws.rds.Cluster postgres',
        property: 'cloud-data-are-protected',
      },
    ],
  ),
  change(
    'the database is not protected any more',
    [
      POSTGRES,
      'protect: true,\n      dependsOn: [...logs, ...monitoring.complete],',
      'dependsOn: [...logs, ...monitoring.complete],',
    ],
    'danger',
    [
      { kind: 'data-unprotected', subject: 'Cluster postgres', property: 'protect' },
      {
        kind: 'policy-broken',
        subject: 'aws.rds.Cluster postgres',
        property: 'cloud-data-are-protected',
      },
    ],
  ),
  change(
    'backups of the database are kept for a week',
    [SIZES, 'iops: 1_000, backupDays: 14', 'iops: 1_000, backupDays: 7'],
    'danger',
    [{ kind: 'backup-cut', subject: 'Cluster postgres', property: 'backupRetentionPeriod' }],
  ),
  change(
    "the database's disks have AWS's key in place of ours",
    [POSTGRES, 'storageEncrypted: true,\n      kmsKeyId: keyArn,', 'storageEncrypted: true,'],
    'danger',
    // A key that is no longer named stays, as the provider reads it back: nothing is replaced.
    [
      {
        kind: 'policy-broken',
        subject: 'aws.rds.Cluster postgres',
        property: 'cloud-data-are-encrypted',
      },
      { kind: 'trust-changed', subject: 'Cluster postgres', property: 'kmsKeyId' },
    ],
  ),
  change(
    'the database has a larger machine',
    [SIZES, "'db.m6gd.large'", "'db.m6gd.xlarge'"],
    'note',
  ),
  change(
    'logs of the cloud are kept for a month',
    [SETTINGS, '.default(365)', '.default(30)'],
    'danger',
    [{ kind: 'retention-cut', subject: 'LogGroup ', property: 'retentionInDays' }],
  ),
  change(
    'all of the internet reaches the balancer',
    [BALANCER, 'for (const network of from)', "for (const network of [...from, '0.0.0.0/0'])"],
    'danger',
    [
      { kind: 'newly-reachable', subject: 'SecurityGroupIngressRule edge-0.0.0.0/0' },
      {
        kind: 'policy-broken',
        subject: 'aws.vpc.SecurityGroupIngressRule edge-0.0.0.0/0',
        property: 'cloud-groups-name-who-comes-in',
      },
    ],
  ),
  change(
    'whoever has an address in the network reaches the engines',
    [
      'components/aws/engine-access.ts',
      'referencedSecurityGroupId: cluster.ofCloud.securityGroup',
      "cidrIpv4: '10.0.0.0/8'",
    ],
    'check',
    [
      { kind: 'network-opened', subject: 'SecurityGroupIngressRule ', property: 'from' },
      {
        kind: 'replaced',
        subject: 'SecurityGroupIngressRule ',
        property: 'cidrIpv4, referencedSecurityGroupId',
      },
    ],
  ),
  change(
    'whoever has an account of AWS may use the keys',
    [KEY, 'Principal: { AWS: `arn:aws:iam::${account}:root` }', "Principal: { AWS: '*' }"],
    'danger',
    [
      { kind: 'policy-broken', subject: 'aws.kms.Key ', property: 'cloud-trust-is-named' },
      { kind: 'trust-changed', subject: 'Key ', property: 'who may use it' },
    ],
  ),
  change(
    'keys do not turn',
    [KEY, 'enableKeyRotation: true', 'enableKeyRotation: false'],
    'danger',
    [
      { kind: 'policy-broken', subject: 'aws.kms.Key ', property: 'cloud-keys-rotate' },
      { kind: 'trust-changed', subject: 'Key ', property: 'enableKeyRotation' },
    ],
  ),
  change(
    'the network has other addresses',
    ['stacks/prod-network.ts', "DEFAULT_CIDR = '10.64.0.0/16'", "DEFAULT_CIDR = '10.80.0.0/16'"],
    'danger',
    [
      { kind: 'data-replaced', subject: 'Vpc network' },
      { kind: 'replaced', subject: 'TargetGroup edge', property: 'name' },
      { kind: 'replaced', subject: 'Subnet ', property: 'cidrBlock' },
    ],
  ),
  change(
    'buckets may be opened to everybody',
    [
      BUCKET,
      'blockPublicAcls: true, blockPublicPolicy: true',
      'blockPublicAcls: false, blockPublicPolicy: false',
    ],
    'danger',
    [
      { kind: 'newly-reachable', subject: 'BucketPublicAccessBlock ', property: 'blockPublicAcls' },
      {
        kind: 'newly-reachable',
        subject: 'BucketPublicAccessBlock ',
        property: 'blockPublicPolicy',
      },
      {
        kind: 'policy-broken',
        subject: 'aws.s3.BucketPublicAccessBlock ',
        property: 'nothing-of-a-cloud-is-public',
      },
    ],
  ),
  change(
    'who may use a bucket may do everything with its objects',
    [BUCKET, "'s3:DeleteObject'", "'s3:*'"],
    'danger',
    [
      { kind: 'policy-broken', subject: 'aws.iam.RolePolicy ', property: 'cloud-rights-are-named' },
      { kind: 'rights-added', subject: 'RolePolicy ', property: 'policy' },
    ],
  ),
  change(
    'Kafka lets clients in without a name',
    [KAFKA, 'unauthenticated: false', 'unauthenticated: true'],
    'danger',
    [
      {
        kind: 'policy-broken',
        subject: 'aws.msk.Cluster kafka',
        property: 'cloud-engines-speak-tls-alone',
      },
      {
        kind: 'trust-changed',
        subject: 'Cluster kafka',
        property: 'clientAuthentication.unauthenticated',
      },
    ],
  ),
  change(
    'Kafka has everybody read what no rule speaks of',
    [
      'components/kafka/aws/configuration.ts',
      "'allow.everyone.if.no.acl.found': 'false'",
      "'allow.everyone.if.no.acl.found': 'true'",
    ],
    'check',
    [{ kind: 'store-changed', subject: 'Configuration kafka', property: 'parameters' }],
  ),
  change(
    'caches are in one zone',
    [REDIS, 'multiAzEnabled: true', 'multiAzEnabled: false'],
    'danger',
    [
      {
        kind: 'policy-broken',
        subject: 'aws.elasticache.ReplicationGroup redis',
        property: 'cloud-engines-are-in-three-zones',
      },
      { kind: 'zone-proof-lost', subject: 'ReplicationGroup redis', property: 'multiAzEnabled' },
    ],
  ),
  change(
    'the API of the cluster answers an office',
    [SETTINGS, ".prefault('[]')", `.prefault('["203.0.113.0/24"]')`],
    'danger',
    [
      {
        kind: 'newly-reachable',
        subject: 'Cluster cluster',
        property: 'vpcConfig.endpointPublicAccess',
      },
      {
        kind: 'newly-reachable',
        subject: 'Cluster cluster',
        property: 'vpcConfig.publicAccessCidrs',
      },
    ],
  ),
  change(
    'each zone has one node less',
    [SIZES, 'small: { least: 2, most: 4 }', 'small: { least: 1, most: 4 }'],
    'check',
    [
      { kind: 'capacity-down', subject: 'NodeGroup ', property: 'scalingConfig.desiredSize' },
      { kind: 'capacity-down', subject: 'NodeGroup ', property: 'scalingConfig.minSize' },
    ],
  ),
  change(
    'nodes run another release of their image, zone by zone',
    [
      SETTINGS,
      'nodeRelease: nodeRelease.optional()',
      "nodeRelease: nodeRelease.default('1.36.2-20261120')",
    ],
    'check',
    ['a', 'b', 'c'].map((zone) => ({
      kind: 'engine-restarted',
      subject: `NodeGroup cluster-nodes-${zone}`,
      property: 'releaseVersion',
    })),
  ),
  change(
    'old browsers get in',
    [CLOUDFLARE, "min_tls_version: '1.2'", "min_tls_version: '1.0'"],
    'danger',
    [
      {
        kind: 'policy-broken',
        subject: 'cloudflare.ZoneSetting edge-min_tls_version',
        property: 'the-edge-is-strict',
      },
      { kind: 'trust-changed', subject: 'ZoneSetting edge-min_tls_version', property: 'value' },
    ],
  ),
  change(
    "OWASP's rules do not look at requests any more",
    [RULES, "pro: ['managed', 'owasp', ", "pro: ['managed', "],
    'check',
    [
      {
        kind: 'network-opened',
        subject: 'zone edge-http_request_firewall_managed',
        property: 'rules',
      },
    ],
  ),
  change(
    'an address may send a hundred times as much',
    [RULES, 'aMinute: 3_000', 'aMinute: 300_000'],
    'check',
    [{ kind: 'network-opened', subject: 'zone edge-http_ratelimit', property: 'rules' }],
  ),
  change(
    'heads of the audit log are locked for a week',
    ['components/external/aws.ts', 'LOCKED_DAYS = 400', 'LOCKED_DAYS = 7'],
    'danger',
    [
      {
        kind: 'data-unprotected',
        subject: 'BucketObjectLockConfiguration ',
        property: 'rule.defaultRetention.days',
      },
    ],
  ),
  change(
    'former versions of heads of the audit log go after a day',
    ['components/external/aws.ts', 'FORMER_DAYS = 400', 'FORMER_DAYS = 1'],
    'danger',
    [
      {
        kind: 'backup-cut',
        subject: 'BucketLifecycleConfiguration ',
        property: 'rules[0].noncurrentVersionExpiration.noncurrentDays',
      },
    ],
  ),
  change(
    'who may only read the cluster administers it',
    [
      'components/cluster/aws/control-plane.ts',
      "roleArn(place, readOnly), policy: 'AmazonEKSViewPolicy'",
      "roleArn(place, readOnly), policy: 'AmazonEKSClusterAdminPolicy'",
    ],
    'danger',
    [
      { kind: 'replaced', subject: 'AccessPolicyAssociation ', property: 'policyArn' },
      { kind: 'rights-for-all', subject: 'AccessPolicyAssociation ', property: 'policyArn' },
    ],
  ),
  change(
    'what is written over in buckets is gone at once',
    [BUCKET, "status: 'Enabled' } }", "status: 'Suspended' } }"],
    'danger',
    [
      {
        kind: 'data-unprotected',
        subject: 'BucketVersioning ',
        property: 'versioningConfiguration.status',
      },
    ],
  ),
  change(
    'objects are encrypted by no key of ours',
    [BUCKET, "{ sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn }", "{ sseAlgorithm: 'AES256' }"],
    'danger',
    [
      {
        kind: 'trust-changed',
        subject: 'BucketServerSideEncryptionConfiguration ',
        property: 'rules[0].applyServerSideEncryptionByDefault.sseAlgorithm',
      },
      {
        kind: 'trust-changed',
        subject: 'BucketServerSideEncryptionConfiguration ',
        property: 'rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId',
      },
    ],
  ),
  change('the edge can be gone around', [CLOUDFLARE, 'proxied: true', 'proxied: false'], 'danger', [
    { kind: 'newly-reachable', subject: 'DnsRecord edge', property: 'proxied' },
    {
      kind: 'policy-broken',
      subject: 'cloudflare.DnsRecord edge',
      property: 'the-edge-is-strict',
    },
  ]),
  change(
    'a name within a landing is another',
    [
      POSTGRES,
      'const monitoring = declareRole(`${name}-monitoring`, cluster.monitoringRole, { parent });',
      'const role = cluster.monitoringRole;\n  const monitoring = declareRole(`${name}-monitoring`, role, { parent });',
    ],
    'same',
  ),
];
