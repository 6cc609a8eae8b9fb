import { cloudObject } from '../cluster-object.ts';
import type { ClusterObject, Fields } from '../rule.ts';

const sample = (type: string, name: string, fields: Fields, isProtected = false): ClusterObject =>
  cloudObject(type, name, fields, isProtected);

const SUBNETS = ['subnet-1', 'subnet-2', 'subnet-3'];
const GITHUB = 'token.actions.githubusercontent.com';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1';

/** Resources of a cloud that keep every rule, one of each kind that a rule looks at. */
export const CLOUD_SAMPLES: readonly ClusterObject[] = [
  sample('aws:cloudwatch/logGroup:LogGroup', 'logs', { retentionInDays: 365, kmsKeyId: KEY }),
  sample('aws:ec2/launchTemplate:LaunchTemplate', 'nodes', {
    blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { encrypted: 'true' } }],
    metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
  }),
  sample('aws:ec2/subnet:Subnet', 'public-a', { mapPublicIpOnLaunch: false }),
  sample(
    'aws:eks/cluster:Cluster',
    'cluster',
    {
      deletionProtection: true,
      encryptionConfig: { provider: { keyArn: KEY }, resources: ['secrets'] },
      vpcConfig: { subnetIds: SUBNETS, endpointPublicAccess: false },
    },
    true,
  ),
  sample(
    'aws:elasticache/replicationGroup:ReplicationGroup',
    'redis',
    {
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      numCacheClusters: 3,
      userGroupIds: ['redis'],
    },
    true,
  ),
  sample('aws:elasticache/subnetGroup:SubnetGroup', 'redis-subnets', { subnetIds: SUBNETS }),
  sample('aws:iam/role:Role', 'role', {
    assumeRolePolicy: {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'eks.amazonaws.com' } }],
    },
  }),
  sample('aws:iam/role:Role', 'deploy', {
    assumeRolePolicy: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${GITHUB}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              [`${GITHUB}:aud`]: 'sts.amazonaws.com',
              [`${GITHUB}:sub`]: 'repo:example/meridian:environment:prod',
            },
          },
        },
      ],
    },
  }),
  sample('aws:iam/rolePolicy:RolePolicy', 'rights', {
    policy: {
      Statement: [
        { Effect: 'Allow', Action: ['kafka-cluster:Connect'], Resource: 'arn:aws:kafka:1' },
        { Effect: 'Allow', Action: 'ec2:DescribeVolumes', Resource: '*' },
      ],
    },
  }),
  sample('aws:iam/rolePolicyAttachment:RolePolicyAttachment', 'attached', {
    policyArn: 'arn:aws:iam::aws:policy/AmazonEKSClusterPolicy',
  }),
  sample(
    'aws:kms/key:Key',
    'of-account',
    {
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: {
        Statement: [
          {
            ...{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:Decrypt', Resource: '*' },
            Condition: { StringEquals: { 'kms:CallerAccount': '111122223333' } },
          },
        ],
      },
    },
    true,
  ),
  sample('aws:kms/key:Key', 'key', { enableKeyRotation: true, deletionWindowInDays: 30 }, true),
  sample('aws:lb/listener:Listener', 'tls', { port: 443, protocol: 'TCP' }),
  sample('aws:lb/loadBalancer:LoadBalancer', 'edge', {
    enableDeletionProtection: true,
    subnets: SUBNETS,
  }),
  sample(
    'aws:msk/cluster:Cluster',
    'kafka',
    {
      numberOfBrokerNodes: 3,
      brokerNodeGroupInfo: { clientSubnets: SUBNETS },
      clientAuthentication: { sasl: { iam: true } },
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: KEY,
        encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
      },
    },
    true,
  ),
  sample('aws:msk/configuration:Configuration', 'brokers', {
    serverProperties: [
      'auto.create.topics.enable=false',
      'default.replication.factor=3',
      'min.insync.replicas=2',
      'unclean.leader.election.enable=false',
    ].join('\n'),
  }),
  sample(
    'aws:msk/topic:Topic',
    'orders-events',
    {
      replicationFactor: 3,
      configs: '{"min.insync.replicas":"2","retention.ms":"604800000"}',
    },
    true,
  ),
  sample(
    'aws:rds/cluster:Cluster',
    'postgres',
    {
      backupRetentionPeriod: 14,
      deletionProtection: true,
      kmsKeyId: KEY,
      storageEncrypted: true,
    },
    true,
  ),
  sample('aws:rds/subnetGroup:SubnetGroup', 'postgres-subnets', { subnetIds: SUBNETS }),
  sample(
    'aws:s3/bucket:Bucket',
    'traces',
    { tagsAll: { ManagedBy: 'pulumi', Project: 'sample', Stack: 'prod' } },
    true,
  ),
  sample('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', 'traces', {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  }),
  sample('aws:secretsmanager/secret:Secret', 'password', { recoveryWindowInDays: 30 }),
  sample('aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule', 'from-cloudflare', {
    cidrIpv4: '173.245.48.0/20',
    fromPort: 443,
    toPort: 443,
  }),
  sample('cloudflare:index/dnsRecord:DnsRecord', 'www', { type: 'A', proxied: true }),
  sample('cloudflare:index/dnsRecord:DnsRecord', 'edge', {
    ...{ name: 'sample.example', type: 'CNAME', proxied: true },
  }),
  sample('cloudflare:index/dnsRecord:DnsRecord', 'proof', {
    ...{ name: '_proof.sample.example', type: 'CNAME', proxied: false },
  }),
  sample('cloudflare:index/ruleset:Ruleset', 'managed', {
    phase: 'http_request_firewall_managed',
    rules: [{ action: 'execute', enabled: true, description: 'managed' }],
  }),
  sample('cloudflare:index/ruleset:Ruleset', 'headers', {
    phase: 'http_request_late_transform',
    rules: [{ action: 'rewrite', enabled: true, description: 'headers' }],
  }),
  sample('cloudflare:index/ruleset:Ruleset', 'floods', {
    phase: 'ddos_l7',
    rules: [{ action: 'execute', description: 'floods', actionParameters: { overrides: {} } }],
  }),
  sample('cloudflare:index/zoneSetting:ZoneSetting', 'ssl', { settingId: 'ssl', value: 'strict' }),
];
