import {
  accountNames,
  boundaryArn,
  clusterNameOf,
} from '@meridian/components/aws/account-names.ts';
import { policyOf } from '@meridian/components/aws/policy-document.ts';
import type { PolicyDocument, PolicyStatement } from '@meridian/components/aws/policy-document.ts';
import { bootstrapNames } from './names.ts';
import type { BootstrapSettings } from './settings.ts';

/** Whose tokens of GitHub Actions are believed. */
export const GITHUB = 'token.actions.githubusercontent.com';

/** Name of the platform's graph, which names of its clusters begin with. */
const PLATFORM = 'meridian';

/** To whom such a token has to be addressed. */
export const AUDIENCE = 'sts.amazonaws.com';

/**
 * Lets in jobs of the environment `prod` of the repository, and no branch, tag or pull request: an environment has people who
 * approve. Source: GitHub, "Configuring OpenID Connect in Amazon Web Services"
 */
export function deployTrust({
  account,
  environment,
  repository,
}: BootstrapSettings): PolicyDocument {
  return policyOf({
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${GITHUB}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [`${GITHUB}:aud`]: AUDIENCE,
        [`${GITHUB}:sub`]: `repo:${repository}:environment:${environment}`,
      },
    },
  });
}

/**
 * Services that the platform is made of. A deployment makes, changes and removes their resources, so it may do all of each in one
 * region: the exception to naming actions. What it must not do is denied below, whatever else is allowed.
 */
const SERVICES = [
  'autoscaling',
  'cloudwatch',
  'ec2',
  'ecr',
  'eks',
  'elasticache',
  'elasticloadbalancing',
  'events',
  'kafka',
  'kms',
  'logs',
  'rds',
  's3',
  'secretsmanager',
  'sns',
] as const;

/** What a deployment makes besides, and no pod has business with: what lets volumes of brokers grow, and vaults. */
const OF_DEPLOYMENT = ['application-autoscaling', 'backup', 'backup-storage'] as const;

/**
 * Topics are made by MSK's own API, which asks Kafka's rights of whoever calls it. Of events themselves a deployment reads and
 * writes none. Source: Amazon MSK Developer Guide, "Topic Operations", required permissions
 */
function topicsOfPlatform({
  account,
  region,
  environment,
}: BootstrapSettings): readonly PolicyStatement[] {
  const kafka = `arn:aws:kafka:${region}:${account}`;
  const cluster = clusterNameOf(PLATFORM, environment);
  return [
    {
      Sid: 'KafkaReached',
      Effect: 'Allow',
      Action: 'kafka-cluster:Connect',
      Resource: `${kafka}:cluster/${cluster}/*`,
    },
    {
      Sid: 'TopicsOfPlatform',
      Effect: 'Allow',
      Action: [
        'kafka-cluster:AlterTopic',
        'kafka-cluster:AlterTopicDynamicConfiguration',
        'kafka-cluster:CreateTopic',
        'kafka-cluster:DeleteTopic',
        'kafka-cluster:DescribeTopic',
        'kafka-cluster:DescribeTopicDynamicConfiguration',
      ],
      Resource: `${kafka}:topic/${cluster}/*`,
    },
  ];
}

/** Of IAM a deployment has the roles of the platform, and each is held within the boundary. */
function rolesOfPlatform(settings: BootstrapSettings): readonly PolicyStatement[] {
  const { account } = settings;
  const roles = `arn:aws:iam::${account}:role/*`;
  const bound = { StringEquals: { 'iam:PermissionsBoundary': boundaryArn(settings) } };
  return [
    {
      Sid: 'RolesWithinBoundary',
      Effect: 'Allow',
      Action: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
      ],
      Resource: roles,
      Condition: bound,
    },
    {
      Sid: 'RolesLookedAt',
      Effect: 'Allow',
      Action: [
        'iam:DeleteRole',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListInstanceProfilesForRole',
        'iam:ListRolePolicies',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
      ],
      Resource: [roles, `arn:aws:iam::${account}:policy/*`, 'arn:aws:iam::aws:policy/*'],
    },
    {
      Sid: 'RolesGivenToServices',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: roles,
      Condition: {
        StringEquals: {
          'iam:PassedToService': [
            'backup.amazonaws.com',
            'ec2.amazonaws.com',
            'eks.amazonaws.com',
            'monitoring.rds.amazonaws.com',
            'pods.eks.amazonaws.com',
            'rds.amazonaws.com',
            'vpc-flow-logs.amazonaws.com',
          ],
        },
      },
    },
    {
      Sid: 'RolesOfServicesThemselves',
      Effect: 'Allow',
      Action: 'iam:CreateServiceLinkedRole',
      Resource: `arn:aws:iam::${account}:role/aws-service-role/*`,
    },
  ];
}

/** What not even a deployment may do: get out of its bounds, or lose what it could be undone with. */
function neverByDeployment(settings: BootstrapSettings): readonly PolicyStatement[] {
  const { account, environment } = settings;
  const { deploy, readOnly, breakGlass } = accountNames(environment);
  const { state, trail, accessLog, images } = bootstrapNames(settings);
  return [
    {
      Sid: 'BoundsStay',
      Effect: 'Deny',
      Action: [
        'iam:CreatePolicyVersion',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:DeleteRolePermissionsBoundary',
        'iam:SetDefaultPolicyVersion',
      ],
      Resource: '*',
    },
    {
      Sid: 'OwnRolesStay',
      Effect: 'Deny',
      Action: 'iam:*',
      Resource: [deploy, readOnly, breakGlass].map(
        (name) => `arn:aws:iam::${account}:role/${name}`,
      ),
    },
    {
      Sid: 'BucketsOfBootstrapStay',
      Effect: 'Deny',
      Action: [
        's3:DeleteBucket',
        's3:DeleteBucketPolicy',
        's3:DeleteObjectVersion',
        's3:PutBucketLogging',
        's3:PutBucketPolicy',
        's3:PutBucketVersioning',
        's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration',
      ],
      Resource: [state, trail, accessLog].flatMap((bucket) => [
        `arn:aws:s3:::${bucket}`,
        `arn:aws:s3:::${bucket}/*`,
      ]),
    },
    {
      // A deployment sends images; that one is taken away or is another one is for nobody.
      Sid: 'ImagesStay',
      Effect: 'Deny',
      Action: [
        'ecr:BatchDeleteImage',
        'ecr:Delete*',
        'ecr:PutImageTagMutability',
        'ecr:PutLifecyclePolicy',
        'ecr:SetRepositoryPolicy',
      ],
      Resource: `arn:aws:ecr:*:${account}:repository/${images}/*`,
    },
    {
      // What is in a vault goes when its days are over.
      Sid: 'BackupsStay',
      Effect: 'Deny',
      Action: [
        'backup:DeleteRecoveryPoint',
        'backup:DisassociateRecoveryPoint',
        'backup:PutBackupVaultAccessPolicy',
        'backup:UpdateRecoveryPointLifecycle',
      ],
      Resource: '*',
    },
    { Sid: 'RecordsStay', Effect: 'Deny', Action: 'cloudtrail:*', Resource: '*' },
  ];
}

/** What a deployment may do. */
export function deployPolicy(settings: BootstrapSettings): PolicyDocument {
  return policyOf(
    {
      Sid: 'PlatformInOneRegion',
      Effect: 'Allow',
      Action: [...SERVICES, ...OF_DEPLOYMENT].map((service) => `${service}:*`),
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': settings.region } },
    },
    ...topicsOfPlatform(settings),
    ...rolesOfPlatform(settings),
    ...neverByDeployment(settings),
  );
}

/**
 * The most that a role of the platform can do, whatever its own policies say: nodes, pods and services of AWS have no business with
 * IAM, nor with states of Pulumi, in which passwords are, nor do they come to a database by tokens, as people do (`rds-db:connect`).
 */
export function boundaryPolicy(settings: BootstrapSettings): PolicyDocument {
  const { state, trail, accessLog } = bootstrapNames(settings);
  return policyOf(
    {
      Sid: 'WorkOfPlatform',
      Effect: 'Allow',
      Action: [
        ...SERVICES.map((service) => `${service}:*`),
        'backup:DescribeBackupVault',
        'eks-auth:AssumeRoleForPodIdentity',
        'kafka-cluster:*',
        'sts:AssumeRole',
        'sts:TagSession',
        'tag:GetResources',
      ],
      Resource: '*',
    },
    {
      Sid: 'BalancersRole',
      Effect: 'Allow',
      Action: 'iam:CreateServiceLinkedRole',
      Resource: '*',
      Condition: { StringEquals: { 'iam:AWSServiceName': 'elasticloadbalancing.amazonaws.com' } },
    },
    {
      Sid: 'NotBootstraps',
      Effect: 'Deny',
      Action: 's3:*',
      Resource: [state, trail, accessLog].flatMap((bucket) => [
        `arn:aws:s3:::${bucket}`,
        `arn:aws:s3:::${bucket}/*`,
      ]),
    },
    {
      Sid: 'KeysStay',
      Effect: 'Deny',
      Action: ['kms:DisableKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'],
      Resource: '*',
    },
  );
}
