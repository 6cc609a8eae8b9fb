/** What a cloud takes for one property, of those that the package's types say less about. */
export type Limit = {
  /** Keys from the root; `*` is every member of a list. */
  readonly property: string;
} & (
  | { readonly values: readonly (string | number)[] }
  | { readonly range: readonly [least: number, most: number] }
  | {
      readonly pattern: RegExp;
      /** The pattern in words. */
      readonly form: string;
    }
);

/** `cidr` and port ranges are of every kind of rule. Source: AWS::EC2::SecurityGroupIngress, and RFC 4632 */
const CIDR = {
  pattern: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|(?=\/))){4}\/(?:[12]?\d|3[0-2])$/,
  form: "a network of IPv4 in CIDR notation, such as '10.0.0.0/16'",
} as const;

const PORT_RULE: readonly Limit[] = [
  { property: 'cidrIpv4', ...CIDR },
  { property: 'fromPort', range: [-1, 65_535] },
  { property: 'toPort', range: [-1, 65_535] },
];

/** Days that logs can be kept. Source: AWS::Logs::LogGroup, RetentionInDays; 0 is for ever (terraform-provider-aws, aws_cloudwatch_log_group) */
const LOG_RETENTION_DAYS = [
  ...[0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557],
  ...[2922, 3288, 3653],
];

/**
 * By type. Each is reviewed against the schema of CloudFormation's resource that is named, in the schemas of cfn-lint 1.58.0
 * (us-east-1), whose properties have other names: `nodeType` is CacheNodeType.
 */
export const LIMITS: Readonly<Record<string, readonly Limit[]>> = {
  // AWS::CloudWatch::Alarm
  'aws:cloudwatch/metricAlarm:MetricAlarm': [
    {
      property: 'comparisonOperator',
      values: [
        ...['GreaterThanOrEqualToThreshold', 'GreaterThanThreshold', 'LessThanThreshold'],
        ...['LessThanOrEqualToThreshold', 'LessThanLowerOrGreaterThanUpperThreshold'],
        ...['LessThanLowerThreshold', 'GreaterThanUpperThreshold'],
      ],
    },
    { property: 'treatMissingData', values: ['breaching', 'notBreaching', 'ignore', 'missing'] },
  ],
  'aws:cloudwatch/logGroup:LogGroup': [
    { property: 'retentionInDays', values: LOG_RETENTION_DAYS },
    { property: 'logGroupClass', values: ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'] },
    {
      property: 'name',
      pattern: /^[.\-_/#A-Za-z0-9]{1,512}$/,
      form: '1 to 512 letters, digits and any of . - _ / #',
    },
  ],
  // AWS::EC2::VPC, and its limits of prefixes: Amazon VPC, "VPC CIDR blocks"
  'aws:ec2/vpc:Vpc': [
    { property: 'instanceTenancy', values: ['dedicated', 'default', 'host'] },
    {
      property: 'cidrBlock',
      pattern: /^\d{1,3}(?:\.\d{1,3}){3}\/(?:1[6-9]|2[0-8])$/,
      form: 'a network of IPv4 with a prefix of 16 to 28',
    },
  ],
  // AWS::EC2::Subnet; the same limits of prefixes
  'aws:ec2/subnet:Subnet': [
    {
      property: 'cidrBlock',
      pattern: /^\d{1,3}(?:\.\d{1,3}){3}\/(?:1[6-9]|2[0-8])$/,
      form: 'a network of IPv4 with a prefix of 16 to 28',
    },
    {
      property: 'availabilityZone',
      pattern: /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/,
      form: "a zone of a region, such as 'us-east-1a'",
    },
  ],
  // AWS::EC2::VPCEndpoint
  'aws:ec2/vpcEndpoint:VpcEndpoint': [
    {
      property: 'vpcEndpointType',
      values: [...['Interface', 'Gateway', 'GatewayLoadBalancer', 'ServiceNetwork', 'Resource']],
    },
  ],
  // AWS::EC2::FlowLog
  'aws:ec2/flowLog:FlowLog': [
    { property: 'trafficType', values: ['ACCEPT', 'ALL', 'REJECT'] },
    {
      property: 'logDestinationType',
      values: ['cloud-watch-logs', 's3', 'kinesis-data-firehose'],
    },
    { property: 'maxAggregationInterval', values: [60, 600] },
  ],
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': PORT_RULE,
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule': PORT_RULE,
  // AWS::ECR::Repository
  'aws:ecr/repository:Repository': [
    {
      property: 'imageTagMutability',
      values: ['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'],
    },
    {
      property: 'encryptionConfigurations.*.encryptionType',
      values: ['AES256', 'KMS', 'KMS_DSSE'],
    },
  ],
  // AWS::EKS::Cluster
  'aws:eks/cluster:Cluster': [
    { property: 'version', pattern: /^1\.\d\d$/, form: "a minor version, such as '1.36'" },
    {
      property: 'enabledClusterLogTypes.*',
      values: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'],
    },
    {
      property: 'accessConfig.authenticationMode',
      values: ['CONFIG_MAP', 'API_AND_CONFIG_MAP', 'API'],
    },
    { property: 'upgradePolicy.supportType', values: ['STANDARD', 'EXTENDED'] },
    { property: 'kubernetesNetworkConfig.ipFamily', values: ['ipv4', 'ipv6'] },
    {
      property: 'name',
      pattern: /^[0-9A-Za-z][\w-]{0,99}$/,
      form: '1 to 100 letters, digits, hyphens and underscores, with a letter or digit first',
    },
  ],
  // AWS::EKS::Nodegroup
  'aws:eks/nodeGroup:NodeGroup': [
    { property: 'capacityType', values: ['CAPACITY_BLOCK', 'ON_DEMAND', 'SPOT'] },
    {
      property: 'amiType',
      pattern: /^(?:AL2|AL2023|BOTTLEROCKET|WINDOWS|CUSTOM)[A-Za-z0-9_]*$/,
      form: "a type of image, such as 'AL2023_ARM_64_STANDARD'",
    },
    { property: 'taints.*.effect', values: ['NO_EXECUTE', 'NO_SCHEDULE', 'PREFER_NO_SCHEDULE'] },
    { property: 'scalingConfig.minSize', range: [0, 450] },
    { property: 'scalingConfig.maxSize', range: [1, 450] },
  ],
  // AWS::ElastiCache::ReplicationGroup
  'aws:elasticache/replicationGroup:ReplicationGroup': [
    {
      property: 'nodeType',
      pattern: /^cache\.[a-z0-9]+\.[a-z0-9]+$/,
      form: "such as 'cache.m7g.large'",
    },
    { property: 'replicasPerNodeGroup', range: [0, 5] },
    { property: 'numCacheClusters', range: [1, 6] },
    { property: 'snapshotRetentionLimit', range: [0, 35] },
    { property: 'transitEncryptionMode', values: ['preferred', 'required'] },
    { property: 'engine', values: ['redis', 'valkey'] },
  ],
  // AWS::ElastiCache::User; passwords: "Authenticating users with Role-Based Access Control", 16 to 128 characters
  'aws:elasticache/user:User': [
    { property: 'engine', values: ['redis', 'valkey'] },
    {
      property: 'userId',
      pattern: /^[a-z][a-z0-9-]*$/,
      form: 'small letters, digits and hyphens, with a letter first',
    },
    { property: 'accessString', pattern: /\S/, form: 'a list of commands and keys' },
  ],
  'aws:elasticache/userGroup:UserGroup': [{ property: 'engine', values: ['redis', 'valkey'] }],
  // AWS::IAM::Role
  'aws:iam/role:Role': [
    { property: 'maxSessionDuration', range: [3_600, 43_200] },
    {
      property: 'name',
      pattern: /^[\w+=,.@-]{1,64}$/,
      form: '1 to 64 letters, digits and any of _ + = , . @ -',
    },
  ],
  // AWS::KMS::Key
  'aws:kms/key:Key': [
    { property: 'deletionWindowInDays', range: [7, 30] },
    { property: 'rotationPeriodInDays', range: [90, 2_560] },
    {
      property: 'keyUsage',
      values: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT'],
    },
  ],
  // AWS::KMS::Alias
  'aws:kms/alias:Alias': [
    {
      property: 'name',
      pattern: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/,
      form: "'alias/' and letters, digits, slashes, underscores and hyphens",
    },
  ],
  // AWS::ElasticLoadBalancingV2::LoadBalancer and TargetGroup
  'aws:lb/loadBalancer:LoadBalancer': [
    { property: 'loadBalancerType', values: ['application', 'gateway', 'network'] },
    { property: 'ipAddressType', values: ['dualstack', 'dualstack-without-public-ipv4', 'ipv4'] },
  ],
  'aws:lb/targetGroup:TargetGroup': [
    { property: 'targetType', values: ['instance', 'ip', 'lambda', 'alb'] },
    {
      property: 'protocol',
      values: [...['GENEVE', 'HTTP', 'HTTPS', 'QUIC', 'TCP', 'TCP_QUIC', 'TCP_UDP', 'TLS', 'UDP']],
    },
    { property: 'healthCheck.interval', range: [5, 300] },
    { property: 'healthCheck.timeout', range: [2, 120] },
    { property: 'deregistrationDelay', range: [0, 3_600] },
  ],
  // AWS::MSK::Cluster
  'aws:msk/cluster:Cluster': [
    {
      property: 'encryptionInfo.encryptionInTransit.clientBroker',
      values: ['TLS', 'TLS_PLAINTEXT', 'PLAINTEXT'],
    },
    {
      property: 'enhancedMonitoring',
      values: ['DEFAULT', 'PER_BROKER', 'PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'],
    },
    { property: 'storageMode', values: ['LOCAL', 'TIERED'] },
    { property: 'brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize', range: [1, 16_384] },
    {
      property: 'brokerNodeGroupInfo.instanceType',
      pattern: /^(?:express|kafka)\.[a-z0-9]+\.[a-z0-9]+$/,
      form: "such as 'kafka.m7g.large'",
    },
  ],
  // AWS::RDS::DBCluster
  'aws:rds/cluster:Cluster': [
    { property: 'backupRetentionPeriod', range: [1, 35] },
    {
      property: 'dbClusterInstanceClass',
      pattern: /^db\.[a-z0-9]+\.[a-z0-9]+$/,
      form: "such as 'db.m6gd.large'",
    },
    { property: 'storageType', values: ['', 'aurora-iopt1', 'gp3', 'io1', 'io2'] },
    { property: 'databaseInsightsMode', values: ['advanced', 'standard'] },
    {
      property: 'masterUsername',
      pattern: /^[a-zA-Z]\w*$/,
      form: 'letters, digits and underscores, with a letter first',
    },
    {
      property: 'clusterIdentifier',
      pattern: /^[a-zA-Z](?:-?[a-zA-Z0-9]){0,62}$/,
      form: '1 to 63 letters, digits and single hyphens, with a letter first',
    },
  ],
  // AWS::S3::Bucket
  'aws:s3/bucket:Bucket': [
    {
      property: 'bucket',
      pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      form: '3 to 63 small letters, digits, dots and hyphens, with a letter or digit at both ends',
    },
  ],
  'aws:s3/bucketVersioning:BucketVersioning': [
    { property: 'versioningConfiguration.status', values: ['Enabled', 'Suspended', 'Disabled'] },
  ],
  'aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration': [
    { property: 'rule.defaultRetention.mode', values: ['COMPLIANCE', 'GOVERNANCE'] },
  ],
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': [
    {
      property: 'rules.*.applyServerSideEncryptionByDefault.sseAlgorithm',
      values: ['aws:kms', 'AES256', 'aws:kms:dsse'],
    },
  ],
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration': [
    { property: 'rules.*.status', values: ['Enabled', 'Disabled'] },
  ],
  'aws:s3/bucketOwnershipControls:BucketOwnershipControls': [
    {
      property: 'rule.objectOwnership',
      values: ['ObjectWriter', 'BucketOwnerPreferred', 'BucketOwnerEnforced'],
    },
  ],
  // AWS::SecretsManager::Secret, and DeleteSecret's RecoveryWindowInDays
  'aws:secretsmanager/secret:Secret': [
    { property: 'recoveryWindowInDays', values: [0, ...daysFrom(7, 30)] },
  ],
};

function daysFrom(least: number, most: number): readonly number[] {
  return Array.from({ length: most - least + 1 }, (_, index) => least + index);
}
