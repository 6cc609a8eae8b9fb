import type { Change } from './changes.ts';

const change = (
  rule: string,
  object: string,
  at: readonly (string | number)[],
  to: unknown,
  told: RegExp,
): Change => ({ rule, object, at, to, told });

const KAFKA = 'aws.msk.Cluster kafka';
const REDIS = 'aws.elasticache.ReplicationGroup redis';
const POSTGRES = 'aws.rds.Cluster postgres';
const CLUSTER = 'aws.eks.Cluster cluster';
const NODES = 'aws.ec2.LaunchTemplate nodes';
const RIGHTS = 'aws.iam.RolePolicy rights';
const FROM = 'aws.vpc.SecurityGroupIngressRule from-cloudflare';
const MANAGED = 'cloudflare.Ruleset managed';
const STATEMENT = ['policy', 'Statement', 0];

/** At least one for each rule about a cloud. */
export const CLOUD_CHANGES: readonly Change[] = [
  ...[
    change('cloud-data-are-encrypted', POSTGRES, ['storageEncrypted'], false, /must be true/),
    change('cloud-data-are-encrypted', REDIS, ['atRestEncryptionEnabled'], undefined, /got none/),
    change(
      'cloud-data-are-encrypted',
      'aws.cloudwatch.LogGroup logs',
      ['kmsKeyId'],
      undefined,
      /kmsKeyId must be set/,
    ),
    change(
      'cloud-data-are-encrypted',
      CLUSTER,
      ['encryptionConfig'],
      undefined,
      /keyArn must be set/,
    ),
    change(
      'cloud-data-are-encrypted',
      NODES,
      ['blockDeviceMappings', 0, 'ebs'],
      {},
      /is not encrypted/,
    ),
    change(
      'cloud-resources-are-tagged',
      'aws.s3.Bucket traces',
      ['tagsAll'],
      { Project: 'sample', Stack: '' },
      /lacks the tags Stack, ManagedBy/,
    ),
    change('cloud-resources-are-tagged', 'aws.s3.Bucket traces', ['tagsAll'], {}, /Project, Stack/),
    change(
      'cloud-keys-rotate',
      'aws.kms.Key key',
      ['enableKeyRotation'],
      false,
      /must be true, got false/,
    ),
    change(
      'cloud-keys-rotate',
      'aws.kms.Key key',
      ['deletionWindowInDays'],
      7,
      /must be 30, got 7/,
    ),
    change('cloud-data-are-protected', POSTGRES, ['isProtected'], false, /is not protected/),
    change('cloud-data-are-protected', POSTGRES, ['deletionProtection'], false, /must be true/),
    change(
      'cloud-data-are-protected',
      'aws.s3.Bucket traces',
      ['forceDestroy'],
      true,
      /goes along/,
    ),
    change('cloud-backups-are-kept', POSTGRES, ['backupRetentionPeriod'], 1, /at least 7, got 1/),
    change('cloud-backups-are-kept', POSTGRES, ['skipFinalSnapshot'], true, /is true/),
    change(
      'cloud-backups-are-kept',
      'aws.secretsmanager.Secret password',
      ['recoveryWindowInDays'],
      0,
      /at least 7, got 0/,
    ),
    change(
      'cloud-logs-have-an-end',
      'aws.cloudwatch.LogGroup logs',
      ['retentionInDays'],
      undefined,
      /got none/,
    ),
  ],
  ...[
    change(
      'cloud-records-have-three-copies',
      'aws.msk.Topic orders-events',
      ['replicationFactor'],
      2,
      /at least 3, got 2/,
    ),
    change(
      'cloud-records-have-three-copies',
      'aws.msk.Topic orders-events',
      ['configs'],
      '{"retention.ms":"3600000"}',
      /retention\.ms must be at least/,
    ),
    change(
      'cloud-records-have-three-copies',
      'aws.msk.Configuration brokers',
      ['serverProperties'],
      'min.insync.replicas=1',
      /min\.insync\.replicas must be at least 2/,
    ),
    change(
      'cloud-engines-are-in-three-zones',
      KAFKA,
      ['numberOfBrokerNodes'],
      4,
      /as many in each zone, got 4/,
    ),
    change(
      'cloud-engines-are-in-three-zones',
      REDIS,
      ['multiAzEnabled'],
      false,
      /must be true, got false/,
    ),
    change(
      'cloud-engines-are-in-three-zones',
      REDIS,
      ['numCacheClusters'],
      2,
      /three zones, got 2/,
    ),
    change(
      'cloud-engines-are-in-three-zones',
      'aws.lb.LoadBalancer edge',
      ['subnets'],
      ['subnet-1'],
      /of three zones, got 1/,
    ),
    change(
      'cloud-engines-speak-tls-alone',
      KAFKA,
      ['encryptionInfo', 'encryptionInTransit', 'clientBroker'],
      'TLS_PLAINTEXT',
      /must be "TLS"/,
    ),
    change(
      'cloud-engines-speak-tls-alone',
      KAFKA,
      ['clientAuthentication', 'unauthenticated'],
      true,
      /lets in whoever comes/,
    ),
    change(
      'cloud-engines-speak-tls-alone',
      REDIS,
      ['userGroupIds'],
      undefined,
      /neither users nor a password/,
    ),
    change(
      'cloud-engines-speak-tls-alone',
      'aws.lb.Listener tls',
      ['protocol'],
      'HTTP',
      /listens by "HTTP"/,
    ),
  ],
  ...[
    change(
      'nothing-of-a-cloud-is-public',
      CLUSTER,
      ['vpcConfig', 'endpointPublicAccess'],
      true,
      /answers all of the internet/,
    ),
    change(
      'nothing-of-a-cloud-is-public',
      'aws.ec2.Subnet public-a',
      ['mapPublicIpOnLaunch'],
      true,
      /is true/,
    ),
    change(
      'nothing-of-a-cloud-is-public',
      'aws.s3.BucketPublicAccessBlock traces',
      ['blockPublicPolicy'],
      false,
      /must be true/,
    ),
    change(
      'nothing-of-a-cloud-is-public',
      KAFKA,
      ['brokerNodeGroupInfo', 'connectivityInfo'],
      { publicAccess: { type: 'SERVICE_PROVIDED_EIPS' } },
      /has public access/,
    ),
    change(
      'cloud-groups-name-who-comes-in',
      FROM,
      ['cidrIpv4'],
      '0.0.0.0/0',
      /lets in 0\.0\.0\.0\/0/,
    ),
    change('cloud-groups-name-who-comes-in', FROM, ['fromPort'], 22, /not at 443 alone/),
    change(
      'nodes-hide-their-credentials',
      NODES,
      ['metadataOptions', 'httpTokens'],
      'optional',
      /must be "required"/,
    ),
    change(
      'nodes-hide-their-credentials',
      NODES,
      ['metadataOptions', 'httpPutResponseHopLimit'],
      2,
      /must be 1, got 2/,
    ),
    change(
      'cloud-rights-are-named',
      RIGHTS,
      [...STATEMENT, 'Action'],
      'kafka-cluster:*',
      /gives the action 'kafka-cluster:\*'/,
    ),
    change(
      'cloud-rights-are-named',
      RIGHTS,
      [...STATEMENT, 'Resource'],
      ['*'],
      /kafka-cluster:Connect on every resource/,
    ),
    change('cloud-rights-are-named', RIGHTS, ['policy'], '{', /gives the action '\*'/),
    change(
      'cloud-rights-are-named',
      'aws.iam.RolePolicyAttachment attached',
      ['policyArn'],
      'arn:aws:iam::aws:policy/AdministratorAccess',
      /gives arn/,
    ),
    change(
      'cloud-trust-is-named',
      'aws.iam.Role role',
      ['assumeRolePolicy', 'Statement', 0, 'Principal'],
      { AWS: '*' },
      /lets everybody use it/,
    ),
    ...[
      { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } },
      { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:*:environment:prod' } },
      { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:example*' } },
      {
        StringLike: { 'token.actions.githubusercontent.com:sub': ['repo:example/meridian:*', '*'] },
      },
      {
        StringEqualsIfExists: {
          'token.actions.githubusercontent.com:sub': 'repo:example/meridian:*',
        },
      },
    ].map((condition) =>
      change(
        'cloud-tokens-name-whose',
        'aws.iam.Role deploy',
        ['assumeRolePolicy', 'Statement', 0, 'Condition'],
        condition,
        /believes every token of token\.actions\.githubusercontent\.com/,
      ),
    ),
    change(
      'the-edge-is-strict',
      'cloudflare.ZoneSetting ssl',
      ['value'],
      'flexible',
      /must be "strict", got "flexible"/,
    ),
    ...[
      { Bool: { 'aws:SecureTransport': 'true' } },
      { StringNotEquals: { 'kms:CallerAccount': '111122223333' } },
      { StringEqualsIfExists: { 'kms:CallerAccount': '111122223333' } },
      { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
      { StringLike: { 'kms:CallerAccount': ['111122223333', '*'] } },
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/reader' } },
    ].map((condition) =>
      change(
        'cloud-trust-is-named',
        'aws.kms.Key of-account',
        ['policy', 'Statement', 0, 'Condition'],
        condition,
        /lets everybody use it/,
      ),
    ),
    change('the-edge-is-strict', 'cloudflare.DnsRecord www', ['proxied'], false, /is not proxied/),
    change('the-edge-is-strict', 'cloudflare.DnsRecord edge', ['proxied'], false, /is not proxied/),
    change(
      'nothing-skips-the-guards',
      MANAGED,
      ['rules', 0, 'action'],
      'skip',
      /skips other rules/,
    ),
    change(
      'nothing-skips-the-guards',
      'cloudflare.Ruleset headers',
      ['rules', 0, 'action'],
      'skip',
      /skips other rules/,
    ),
    change(
      'nothing-skips-the-guards',
      'cloudflare.Ruleset floods',
      ['rules', 0, 'actionParameters', 'overrides'],
      { rules: [{ id: 'any', enabled: false }] },
      /turns managed rules off/,
    ),
    change('nothing-skips-the-guards', MANAGED, ['rules', 0, 'enabled'], false, /is off/),
    change(
      'nothing-skips-the-guards',
      MANAGED,
      ['rules', 0, 'actionParameters'],
      { overrides: { sensitivityLevel: 'eoff' } },
      /makes nothing of floods/,
    ),
  ],
  {
    rule: 'every-bucket-is-locked',
    object: 'aws.s3.Bucket traces',
    at: ['name'],
    to: 'others',
    told: /has no BucketPublicAccessBlock/,
  },
];
