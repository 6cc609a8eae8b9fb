/** What whoever makes a resource asks of AWS, by what is done with it; names are those of IAM's actions. */
export interface ResourceNeeds {
  readonly create: readonly string[];
  readonly read: readonly string[];
  readonly update: readonly string[];
  readonly delete: readonly string[];
}

function of(
  service: string,
  [create, read, update, remove]: readonly [string, string, string, string],
  more: readonly string[] = [],
): ResourceNeeds {
  const actions = (names: string): readonly string[] =>
    names.split(' ').flatMap((name) => (name === '' ? [] : [`${service}:${name}`]));
  return {
    create: [...actions(create), ...more],
    read: actions(read),
    update: actions(update),
    delete: actions(remove),
  };
}

const SLR = 'iam:CreateServiceLinkedRole';
const PASS = 'iam:PassRole';
const USE_KEY = ['kms:DescribeKey', 'kms:CreateGrant'];

const rule = (way: string): ResourceNeeds =>
  of('ec2', [
    `AuthorizeSecurityGroup${way} CreateTags`,
    'DescribeSecurityGroupRules',
    'ModifySecurityGroupRules',
    `RevokeSecurityGroup${way}`,
  ]);

const partOfBucket = (what: string): ResourceNeeds =>
  of('s3', [`Put${what}`, `Get${what}`, `Put${what}`, `Put${what}`]);

const ofBackup = (read: string, update: string, besides: readonly string[] = []): ResourceNeeds => {
  const what = read.replace(/^(?:Get|Describe)/, '');
  return of(
    'backup',
    [`Create${what} TagResource`, `${read} ListTags`, update, `Delete${what}`],
    besides,
  );
};

/** Rights that a topic takes are of Kafka's own. Source: Amazon MSK Developer Guide, "Topic Operations", required permissions */
const TOPIC: ResourceNeeds = of('kafka-cluster', [
  'Connect CreateTopic',
  'Connect DescribeTopic DescribeTopicDynamicConfiguration',
  'Connect DescribeTopic AlterTopic AlterTopicDynamicConfiguration',
  'Connect DescribeTopic DeleteTopic',
]);

/**
 * Every type of AWS that the program declares. Written by hand from knowledge of what terraform-provider-aws calls, and not checked
 * against its source (internal/service/<service>) nor against IAM's Service Authorization Reference, whose column "Dependent actions"
 * says where an action takes more than its own name (a role that is handed over, a key that is used, a role of a service). A first
 * deployment to an account is what tells whether something is missing.
 */
export const DEPLOY_NEEDS: Readonly<Record<string, ResourceNeeds>> = {
  'aws:appautoscaling/policy:Policy': of('application-autoscaling', [
    'PutScalingPolicy',
    'DescribeScalingPolicies',
    'PutScalingPolicy',
    'DeleteScalingPolicy',
  ]),
  'aws:appautoscaling/target:Target': of(
    'application-autoscaling',
    [
      'RegisterScalableTarget TagResource',
      'DescribeScalableTargets ListTagsForResource',
      'RegisterScalableTarget UntagResource',
      'DeregisterScalableTarget',
    ],
    [SLR],
  ),
  'aws:backup/plan:Plan': ofBackup('GetBackupPlan', 'UpdateBackupPlan'),
  'aws:backup/selection:Selection': ofBackup('GetBackupSelection', 'TagResource', [PASS, SLR]),
  // Source: AWS Backup Developer Guide, "Access control", permissions of CreateBackupVault
  'aws:backup/vault:Vault': ofBackup('DescribeBackupVault', 'TagResource', [
    ...USE_KEY,
    ...['kms:GenerateDataKey', 'kms:Decrypt', 'kms:RetireGrant', 'backup-storage:MountCapsule'],
  ]),
  'aws:cloudwatch/logGroup:LogGroup': of('logs', [
    'CreateLogGroup PutRetentionPolicy AssociateKmsKey TagResource',
    'DescribeLogGroups ListTagsForResource',
    'PutRetentionPolicy AssociateKmsKey',
    'DeleteLogGroup',
  ]),
  'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup': of('ec2', [
    'RevokeSecurityGroupIngress RevokeSecurityGroupEgress CreateTags',
    'DescribeSecurityGroups',
    'RevokeSecurityGroupIngress RevokeSecurityGroupEgress',
    '',
  ]),
  'aws:ec2/eip:Eip': of('ec2', [
    'AllocateAddress CreateTags',
    'DescribeAddresses DescribeAddressesAttribute',
    'CreateTags DeleteTags',
    'ReleaseAddress',
  ]),
  'aws:ec2/flowLog:FlowLog': of(
    'ec2',
    ['CreateFlowLogs CreateTags', 'DescribeFlowLogs', 'CreateTags', 'DeleteFlowLogs'],
    [PASS, 'logs:CreateLogDelivery'],
  ),
  'aws:ec2/internetGateway:InternetGateway': of('ec2', [
    'CreateInternetGateway AttachInternetGateway CreateTags',
    'DescribeInternetGateways',
    'CreateTags',
    'DetachInternetGateway DeleteInternetGateway',
  ]),
  'aws:ec2/launchTemplate:LaunchTemplate': of('ec2', [
    'CreateLaunchTemplate CreateTags',
    'DescribeLaunchTemplates DescribeLaunchTemplateVersions',
    'CreateLaunchTemplateVersion ModifyLaunchTemplate',
    'DeleteLaunchTemplate',
  ]),
  'aws:ec2/natGateway:NatGateway': of('ec2', [
    'CreateNatGateway CreateTags',
    'DescribeNatGateways',
    'CreateTags',
    'DeleteNatGateway DisassociateAddress',
  ]),
  'aws:ec2/route:Route': of('ec2', [
    'CreateRoute',
    'DescribeRouteTables',
    'ReplaceRoute',
    'DeleteRoute',
  ]),
  'aws:ec2/routeTable:RouteTable': of('ec2', [
    'CreateRouteTable CreateTags',
    'DescribeRouteTables',
    'CreateTags',
    'DeleteRouteTable',
  ]),
  'aws:ec2/routeTableAssociation:RouteTableAssociation': of('ec2', [
    'AssociateRouteTable',
    'DescribeRouteTables',
    'ReplaceRouteTableAssociation',
    'DisassociateRouteTable',
  ]),
  'aws:ec2/securityGroup:SecurityGroup': of('ec2', [
    'CreateSecurityGroup CreateTags RevokeSecurityGroupEgress',
    'DescribeSecurityGroups DescribeNetworkInterfaces',
    'CreateTags',
    'DeleteSecurityGroup',
  ]),
  'aws:ec2/subnet:Subnet': of('ec2', [
    'CreateSubnet CreateTags',
    'DescribeSubnets',
    'ModifySubnetAttribute',
    'DeleteSubnet',
  ]),
  'aws:ec2/vpc:Vpc': of('ec2', [
    'CreateVpc CreateTags ModifyVpcAttribute',
    'DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls',
    'ModifyVpcAttribute',
    'DeleteVpc',
  ]),
  'aws:ec2/vpcEndpoint:VpcEndpoint': of('ec2', [
    'CreateVpcEndpoint CreateTags',
    'DescribeVpcEndpoints DescribePrefixLists',
    'ModifyVpcEndpoint',
    'DeleteVpcEndpoints',
  ]),
  'aws:eks/accessEntry:AccessEntry': of('eks', [
    'CreateAccessEntry TagResource',
    'DescribeAccessEntry',
    'UpdateAccessEntry',
    'DeleteAccessEntry',
  ]),
  'aws:eks/accessPolicyAssociation:AccessPolicyAssociation': of('eks', [
    'AssociateAccessPolicy',
    'ListAssociatedAccessPolicies',
    '',
    'DisassociateAccessPolicy',
  ]),
  'aws:eks/addon:Addon': of(
    'eks',
    [
      'CreateAddon TagResource CreatePodIdentityAssociation',
      'DescribeAddon DescribePodIdentityAssociation',
      'UpdateAddon UpdatePodIdentityAssociation DescribeUpdate',
      'DeleteAddon DeletePodIdentityAssociation',
    ],
    [PASS, 'iam:GetRole'],
  ),
  'aws:eks/cluster:Cluster': of(
    'eks',
    [
      'CreateCluster TagResource',
      'DescribeCluster',
      'UpdateClusterConfig UpdateClusterVersion AssociateEncryptionConfig DescribeUpdate',
      'DeleteCluster',
    ],
    [PASS, SLR, 'iam:GetRole', 'iam:ListAttachedRolePolicies', ...USE_KEY],
  ),
  'aws:eks/nodeGroup:NodeGroup': of(
    'eks',
    [
      'CreateNodegroup TagResource',
      'DescribeNodegroup',
      'UpdateNodegroupConfig UpdateNodegroupVersion',
      'DeleteNodegroup',
    ],
    [PASS, SLR, 'iam:GetRole', 'ec2:DescribeLaunchTemplateVersions', 'ec2:RunInstances'],
  ),
  'aws:eks/podIdentityAssociation:PodIdentityAssociation': of(
    'eks',
    [
      'CreatePodIdentityAssociation TagResource',
      'DescribePodIdentityAssociation',
      'UpdatePodIdentityAssociation',
      'DeletePodIdentityAssociation',
    ],
    [PASS, 'iam:GetRole'],
  ),
  'aws:elasticache/parameterGroup:ParameterGroup': of('elasticache', [
    'CreateCacheParameterGroup ModifyCacheParameterGroup AddTagsToResource',
    'DescribeCacheParameterGroups DescribeCacheParameters ListTagsForResource',
    'ModifyCacheParameterGroup ResetCacheParameterGroup',
    'DeleteCacheParameterGroup',
  ]),
  'aws:elasticache/replicationGroup:ReplicationGroup': of(
    'elasticache',
    [
      'CreateReplicationGroup AddTagsToResource',
      'DescribeReplicationGroups DescribeCacheClusters ListTagsForResource',
      'ModifyReplicationGroup IncreaseReplicaCount DecreaseReplicaCount',
      'DeleteReplicationGroup',
    ],
    [SLR, ...USE_KEY, 'logs:CreateLogDelivery', 'logs:PutResourcePolicy'],
  ),
  'aws:elasticache/subnetGroup:SubnetGroup': of('elasticache', [
    'CreateCacheSubnetGroup AddTagsToResource',
    'DescribeCacheSubnetGroups',
    'ModifyCacheSubnetGroup',
    'DeleteCacheSubnetGroup',
  ]),
  'aws:elasticache/user:User': of('elasticache', [
    'CreateUser AddTagsToResource',
    'DescribeUsers',
    'ModifyUser',
    'DeleteUser',
  ]),
  'aws:elasticache/userGroup:UserGroup': of('elasticache', [
    'CreateUserGroup AddTagsToResource',
    'DescribeUserGroups',
    'ModifyUserGroup',
    'DeleteUserGroup',
  ]),
  'aws:iam/role:Role': of('iam', [
    'CreateRole TagRole',
    'GetRole ListRolePolicies ListAttachedRolePolicies',
    'UpdateRole UpdateAssumeRolePolicy PutRolePermissionsBoundary UntagRole',
    'DeleteRole ListInstanceProfilesForRole DetachRolePolicy DeleteRolePolicy',
  ]),
  'aws:iam/rolePolicy:RolePolicy': of('iam', [
    'PutRolePolicy',
    'GetRolePolicy',
    'PutRolePolicy',
    'DeleteRolePolicy',
  ]),
  'aws:iam/rolePolicyAttachment:RolePolicyAttachment': of('iam', [
    'AttachRolePolicy',
    'ListAttachedRolePolicies',
    '',
    'DetachRolePolicy',
  ]),
  'aws:kms/alias:Alias': of('kms', ['CreateAlias', 'ListAliases', 'UpdateAlias', 'DeleteAlias']),
  'aws:kms/key:Key': of('kms', [
    'CreateKey TagResource EnableKeyRotation PutKeyPolicy',
    'DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags',
    'PutKeyPolicy EnableKeyRotation UpdateKeyDescription UntagResource',
    'ScheduleKeyDeletion',
  ]),
  'aws:lb/listener:Listener': of('elasticloadbalancing', [
    'CreateListener AddTags',
    'DescribeListeners DescribeListenerAttributes DescribeTags',
    'ModifyListener',
    'DeleteListener',
  ]),
  'aws:lb/loadBalancer:LoadBalancer': of(
    'elasticloadbalancing',
    [
      'CreateLoadBalancer ModifyLoadBalancerAttributes AddTags',
      'DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeTags',
      'ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets',
      'DeleteLoadBalancer',
    ],
    [SLR],
  ),
  'aws:lb/targetGroup:TargetGroup': of('elasticloadbalancing', [
    'CreateTargetGroup ModifyTargetGroupAttributes AddTags',
    'DescribeTargetGroups DescribeTargetGroupAttributes DescribeTags',
    'ModifyTargetGroup ModifyTargetGroupAttributes',
    'DeleteTargetGroup',
  ]),
  'aws:msk/cluster:Cluster': of(
    'kafka',
    [
      'CreateClusterV2 TagResource',
      'DescribeClusterV2 GetBootstrapBrokers',
      'UpdateBrokerCount UpdateBrokerType UpdateClusterConfiguration UpdateMonitoring UpdateSecurity DescribeClusterOperationV2',
      'DeleteCluster',
    ],
    [
      SLR,
      ...USE_KEY,
      ...['ec2:DescribeSubnets', 'ec2:DescribeVpcs', 'ec2:DescribeSecurityGroups'],
      ...['logs:CreateLogDelivery', 'logs:PutResourcePolicy'],
    ],
  ),
  'aws:msk/configuration:Configuration': of('kafka', [
    'CreateConfiguration',
    'DescribeConfiguration DescribeConfigurationRevision',
    'UpdateConfiguration',
    'DeleteConfiguration',
  ]),
  'aws:msk/topic:Topic': TOPIC,
  'aws:rds/cluster:Cluster': of(
    'rds',
    [
      'CreateDBCluster RestoreDBClusterFromSnapshot RestoreDBClusterToPointInTime AddTagsToResource',
      'DescribeDBClusters ListTagsForResource',
      'ModifyDBCluster',
      'DeleteDBCluster CreateDBClusterSnapshot',
    ],
    [PASS, SLR, ...USE_KEY, 'secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
  ),
  'aws:rds/clusterParameterGroup:ClusterParameterGroup': of('rds', [
    'CreateDBClusterParameterGroup ModifyDBClusterParameterGroup AddTagsToResource',
    'DescribeDBClusterParameterGroups DescribeDBClusterParameters',
    'ModifyDBClusterParameterGroup ResetDBClusterParameterGroup',
    'DeleteDBClusterParameterGroup',
  ]),
  'aws:rds/subnetGroup:SubnetGroup': of('rds', [
    'CreateDBSubnetGroup AddTagsToResource',
    'DescribeDBSubnetGroups',
    'ModifyDBSubnetGroup',
    'DeleteDBSubnetGroup',
  ]),
  'aws:s3/bucket:Bucket': of('s3', [
    'CreateBucket PutBucketTagging PutBucketObjectLockConfiguration PutBucketVersioning',
    'ListBucket GetBucketLocation GetBucketTagging GetBucketPolicy GetBucketObjectLockConfiguration',
    'PutBucketTagging',
    'DeleteBucket ListBucketVersions',
  ]),
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration':
    partOfBucket('LifecycleConfiguration'),
  'aws:s3/bucketLogging:BucketLogging': partOfBucket('BucketLogging'),
  'aws:s3/bucketNotification:BucketNotification': partOfBucket('BucketNotification'),
  'aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration': partOfBucket(
    'BucketObjectLockConfiguration',
  ),
  'aws:s3/bucketOwnershipControls:BucketOwnershipControls': partOfBucket('BucketOwnershipControls'),
  'aws:s3/bucketPolicy:BucketPolicy': of('s3', [
    'PutBucketPolicy',
    'GetBucketPolicy',
    'PutBucketPolicy',
    'DeleteBucketPolicy',
  ]),
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock': partOfBucket('BucketPublicAccessBlock'),
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration':
    partOfBucket('EncryptionConfiguration'),
  'aws:s3/bucketVersioning:BucketVersioning': partOfBucket('BucketVersioning'),
  'aws:secretsmanager/secret:Secret': of(
    'secretsmanager',
    [
      'CreateSecret TagResource',
      'DescribeSecret GetResourcePolicy',
      'UpdateSecret UntagResource',
      'DeleteSecret',
    ],
    ['kms:DescribeKey', 'kms:GenerateDataKey', 'kms:Decrypt'],
  ),
  'aws:secretsmanager/secretVersion:SecretVersion': of('secretsmanager', [
    'PutSecretValue',
    'GetSecretValue ListSecretVersionIds',
    'UpdateSecretVersionStage',
    'UpdateSecretVersionStage',
  ]),
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule': rule('Egress'),
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': rule('Ingress'),
};
