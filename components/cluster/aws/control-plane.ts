import { cloudwatch, eks } from '@pulumi/aws';
import { ResourceHook } from '@pulumi/pulumi';
import type { CustomResourceOptions, Input } from '@pulumi/pulumi';
import { accountNames, boundaryArn, clusterNameOf, roleArn } from '../../aws/account-names.ts';
import type { AwsApiAccess, AwsSettings } from '../../aws/aws-settings.ts';
import { declareKey, keyOf, usedByLogs } from '../../aws/key.ts';
import type { AwsKey } from '../../aws/key.ts';
import { trustOf } from '../../aws/policy-document.ts';
import { declareRole } from '../../aws/role.ts';
import type { AwsRole } from '../../aws/role.ts';
import { refuseSkippedVersion } from './upgrade.ts';

/** Who may do what with the cluster's API. */
export interface AccessEntry {
  /** By which the entry is known here. */
  readonly name: string;
  /** A role of the account. */
  readonly principal: string;
  /** A policy of EKS, for the whole cluster. */
  readonly policy: 'AmazonEKSClusterAdminPolicy' | 'AmazonEKSViewPolicy';
}

/** What EKS runs for us. */
export interface ControlPlane {
  /** By which AWS and kubectl know it: the group of its logs has it too. */
  readonly name: string;
  readonly version: string;
  readonly serviceNetwork: string;
  readonly api: AwsApiAccess;
  readonly access: readonly AccessEntry[];
  readonly role: AwsRole;
  /** Encrypts Secrets before they are kept. */
  readonly secrets: AwsKey;
  readonly logs: {
    readonly types: readonly string[];
    readonly retentionDays: number;
    readonly key: AwsKey;
  };
}

/** All that EKS has: who asked what of the API is in `audit`. */
const LOG_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;

/** What EKS is asked for. */
export function controlPlane({ aws, environment }: AwsSettings, platform: string): ControlPlane {
  const { account, region, kubernetesVersion, serviceNetwork, api, logDays } = aws;
  const place = { account, environment };
  const { deploy, readOnly, breakGlass } = accountNames(environment);
  return {
    name: clusterNameOf(platform, environment),
    version: kubernetesVersion,
    serviceNetwork,
    api,
    // Making the cluster does not make one its administrator: these are, by name.
    access: [
      {
        name: 'break-glass',
        principal: roleArn(place, breakGlass),
        policy: 'AmazonEKSClusterAdminPolicy',
      },
      { name: 'deploy', principal: roleArn(place, deploy), policy: 'AmazonEKSClusterAdminPolicy' },
      // Reads what Kubernetes itself defines, in namespaces: no Secrets, no nodes, nothing of an operator's kinds.
      { name: 'read-only', principal: roleArn(place, readOnly), policy: 'AmazonEKSViewPolicy' },
    ],
    role: {
      trust: trustOf('eks.amazonaws.com'),
      boundary: boundaryArn(place),
      managed: ['AmazonEKSClusterPolicy'],
    },
    secrets: keyOf(account, 'Secrets of the cluster'),
    logs: {
      types: LOG_TYPES,
      retentionDays: logDays,
      key: keyOf(account, 'Logs of the control plane', usedByLogs(region, account)),
    },
  };
}

/** What there is when it is made: the cluster, and who may use it. */
export interface DeclaredControlPlane {
  readonly cluster: eks.Cluster;
  /** After these the cluster's API answers whoever deploys. */
  readonly access: readonly eks.AccessPolicyAssociation[];
}

/** Declares the cluster without nodes. */
export function declareControlPlane(
  name: string,
  subnetIds: readonly Input<string>[],
  { version, serviceNetwork, api, access, logs, ...plane }: ControlPlane,
  options: CustomResourceOptions,
): DeclaredControlPlane {
  const { role, complete } = declareRole(name, plane.role, options);
  // Before the cluster, which would make one that keeps lines for ever.
  const group = new cloudwatch.LogGroup(
    name,
    {
      name: `/aws/eks/${plane.name}/cluster`,
      retentionInDays: logs.retentionDays,
      kmsKeyId: declareKey(`${name}-logs`, logs.key, options).arn,
    },
    options,
  );
  const cluster = new eks.Cluster(
    name,
    {
      name: plane.name,
      version,
      roleArn: role.arn,
      bootstrapSelfManagedAddons: false,
      deletionProtection: true,
      accessConfig: {
        authenticationMode: 'API',
        bootstrapClusterCreatorAdminPermissions: false,
      },
      enabledClusterLogTypes: [...logs.types],
      encryptionConfig: {
        provider: { keyArn: declareKey(`${name}-secrets`, plane.secrets, options).arn },
        resources: ['secrets'],
      },
      kubernetesNetworkConfig: { ipFamily: 'ipv4', serviceIpv4Cidr: serviceNetwork },
      // A version that nobody upgrades is upgraded, and costs no more for being old.
      upgradePolicy: { supportType: 'STANDARD' },
      zonalShiftConfig: { enabled: true },
      vpcConfig: {
        subnetIds: [...subnetIds],
        endpointPrivateAccess: true,
        endpointPublicAccess: api.publicFrom.length > 0,
        ...(api.publicFrom.length === 0 ? {} : { publicAccessCidrs: [...api.publicFrom] }),
      },
    },
    {
      ...options,
      protect: true,
      dependsOn: [group, ...complete],
      hooks: { beforeUpdate: [upgradeByOne()] },
    },
  );
  return { cluster, access: access.map((entry) => declareAccess(name, cluster, entry, options)) };
}

/** Asked by Pulumi before it changes the cluster, in a preview too, as only it knows what is deployed. */
function upgradeByOne(): ResourceHook {
  return new ResourceHook(
    'kubernetes-upgrades-by-one',
    ({ oldInputs, newInputs }) => {
      const versionOf = (inputs: unknown): unknown =>
        (inputs as { readonly version?: unknown } | undefined)?.version;
      refuseSkippedVersion(versionOf(oldInputs), versionOf(newInputs));
    },
    { onDryRun: true },
  );
}

function declareAccess(
  name: string,
  { name: clusterName }: eks.Cluster,
  { name: of, principal, policy }: AccessEntry,
  options: CustomResourceOptions,
): eks.AccessPolicyAssociation {
  const entry = new eks.AccessEntry(
    `${name}-${of}`,
    { clusterName, principalArn: principal, type: 'STANDARD' },
    options,
  );
  return new eks.AccessPolicyAssociation(
    `${name}-${of}`,
    {
      clusterName,
      principalArn: entry.principalArn,
      policyArn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
      accessScope: { type: 'cluster' },
    },
    options,
  );
}
