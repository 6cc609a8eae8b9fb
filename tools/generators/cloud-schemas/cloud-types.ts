/** Types of resources by the package that has them, as programs name their classes. */
export type CloudTypes = Readonly<Record<string, readonly string[]>>;

const below = (module: string, names: readonly string[]): readonly string[] =>
  names.map((name) => `${module}.${name}`);

/**
 * What the platform makes in clouds. A rehearsal knows these alone, so a landing that makes something else adds it here and runs
 * `npm run generate:clouds`.
 */
export const CLOUD_TYPES: CloudTypes = {
  aws: [
    ...below('acm', ['Certificate']),
    ...below('appautoscaling', ['Policy', 'Target']),
    ...below('backup', ['Plan', 'Selection', 'Vault']),
    ...below('budgets', ['Budget']),
    ...below('cloudtrail', ['Trail']),
    ...below('cloudwatch', [
      ...['EventRule', 'EventTarget', 'LogGroup', 'LogMetricFilter', 'LogResourcePolicy'],
      'MetricAlarm',
    ]),
    ...below('ebs', ['EncryptionByDefault']),
    ...below('ec2', [
      ...['DefaultNetworkAcl', 'DefaultRouteTable', 'DefaultSecurityGroup', 'Eip', 'FlowLog'],
      ...['InternetGateway', 'LaunchTemplate', 'NatGateway', 'Route', 'RouteTable'],
      ...['RouteTableAssociation', 'SecurityGroup', 'Subnet', 'Tag', 'Vpc', 'VpcEndpoint'],
    ]),
    ...below('ecr', [
      ...['LifecyclePolicy', 'RegistryScanningConfiguration', 'Repository', 'RepositoryPolicy'],
    ]),
    ...below('eks', [
      ...['AccessEntry', 'AccessPolicyAssociation', 'Addon', 'Cluster', 'NodeGroup'],
      'PodIdentityAssociation',
    ]),
    ...below('elasticache', [
      ...['ParameterGroup', 'ReplicationGroup', 'SubnetGroup', 'User', 'UserGroup'],
      'UserGroupAssociation',
    ]),
    ...below('iam', [
      ...['OpenIdConnectProvider', 'Policy', 'Role', 'RolePolicy', 'RolePolicyAttachment'],
    ]),
    ...below('kms', ['Alias', 'Key']),
    ...below('lb', ['Listener', 'LoadBalancer', 'TargetGroup']),
    ...below('msk', ['Cluster', 'ClusterPolicy', 'Configuration', 'Topic']),
    ...below('rds', ['Cluster', 'ClusterParameterGroup', 'SubnetGroup']),
    ...below('route53', ['Record', 'Zone']),
    ...below('s3', [
      ...['Bucket', 'BucketLifecycleConfiguration', 'BucketLogging', 'BucketNotification'],
      ...['BucketObjectLockConfiguration', 'BucketOwnershipControls', 'BucketPolicy'],
      ...['BucketPublicAccessBlock', 'BucketServerSideEncryptionConfiguration'],
      'BucketVersioning',
    ]),
    ...below('secretsmanager', ['Secret', 'SecretPolicy', 'SecretVersion']),
    ...below('sns', ['Topic', 'TopicPolicy', 'TopicSubscription']),
    ...below('vpc', ['SecurityGroupEgressRule', 'SecurityGroupIngressRule']),
  ],
  cloudflare: [
    ...['AuthenticatedOriginPulls', 'AuthenticatedOriginPullsCertificate'],
    ...['AuthenticatedOriginPullsSettings', 'BotManagement', 'CertificatePack', 'DnsRecord'],
    ...['ManagedTransforms', 'NotificationPolicy', 'OriginCaCertificate', 'Ruleset'],
    ...['ZoneDnssec', 'ZoneSetting'],
  ],
  random: ['RandomBytes', 'RandomId', 'RandomPassword', 'RandomString'],
};
