import { cloudwatch, rds } from '@pulumi/aws';
import { all } from '@pulumi/pulumi';
import type { Input } from '@pulumi/pulumi';
import type { AwsSettings } from '../aws/aws-settings.ts';
import { dataSubnets, toDataTier } from '../aws/data-tier.ts';
import { declareSecret } from '../aws/declared-secret.ts';
import type { DeclaredSecret } from '../aws/declared-secret.ts';
import { declareEngineAccess } from '../aws/engine-access.ts';
import { declareKey, keyOf, usedByLogs } from '../aws/key.ts';
import type { AwsKey } from '../aws/key.ts';
import { declarePasswords } from '../aws/password.ts';
import { admittedWithRole } from '../aws/admitted-with-role.ts';
import { declarePodRole, podRole } from '../aws/pod-role.ts';
import type { PodRole } from '../aws/pod-role.ts';
import { policyOf } from '../aws/policy-document.ts';
import { declareRole } from '../aws/role.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import { bindingSecrets } from '../kubernetes/engine.ts';
import type { EngineUse, KubernetesEngine } from '../kubernetes/engine.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import { databaseGrants } from '../model/grants.ts';
import { monitorBindings } from '../observability/engines/cluster-monitor.ts';
import { ENGINE_METRICS_PROCESS, MONITOR_BINDINGS } from '../observability/engines/monitor.ts';
import { jobSecrets, postgresBindings } from './aws/bindings.ts';
import { postgresCluster } from './aws/cluster.ts';
import type { AwsPostgresCluster } from './aws/cluster.ts';
import {
  ENDPOINT,
  MIGRATOR_ROLE,
  MIGRATOR_SECRET,
  OWNER_SECRET,
  passwordOf,
  POSTGRES_PORT,
  ROLES_ACCOUNT,
  SERVER_OWNER,
} from './aws/names.ts';
import { onlyTakenOver } from './aws/only-taken-over.ts';
import { PARAMETER_FAMILY, postgresParameters } from './aws/parameters.ts';
import type { PostgresParameter } from './aws/parameters.ts';
import { rolesAccess, rolesJob, rolesWithPassword } from './aws/roles-job.ts';
import { declareVault, postgresVault } from './aws/vault.ts';
import type { PostgresVault } from './aws/vault.ts';
import { migrationJobsBy } from './kubernetes/migrations.ts';
import type { PostgresLanding } from './postgres.ts';

/** A DB cluster of RDS over three zones, with a database and roles for each store. */
export interface AwsPostgres extends KubernetesPart {
  readonly port: number;
  readonly cluster: AwsPostgresCluster;
  readonly vault: PostgresVault;
  readonly parameters: readonly PostgresParameter[];
  readonly key: AwsKey;
  /** Roles of the server that log in. */
  readonly passwords: { readonly roles: readonly string[]; readonly generation: number };
  /** Of the Job that makes roles: it alone may read who owns the server. */
  readonly rolesAccount: PodRole;
  readonly bindings: readonly DeclaredSecret[];
  readonly jobSecrets: readonly DeclaredSecret[];
}

function lowerPostgres(context: KubernetesContext, settings: AwsSettings): AwsPostgres {
  const { graph } = context;
  const { aws } = settings;
  const restoreFrom = aws.postgresRestoreFrom;
  const rolesAccount = podRole(settings, context.settings.namespaces.data, ROLES_ACCOUNT);
  return {
    port: POSTGRES_PORT,
    cluster: postgresCluster(graph, settings),
    vault: postgresVault(settings),
    parameters: postgresParameters(),
    key: keyOf(
      aws.account,
      'Data of PostgreSQL, its backups, logs and passwords',
      usedByLogs(aws.region, aws.account),
    ),
    passwords: {
      roles: rolesWithPassword(graph),
      generation: context.settings.passwordGeneration,
    },
    rolesAccount,
    bindings: postgresBindings(context, settings),
    jobSecrets: jobSecrets(context, settings),
    steps: [
      {
        manifests: [
          ...admittedWithRole(`${graph.name}-postgres`, [rolesAccount]),
          ...rolesAccess(context, settings),
        ],
      },
      { manifests: [rolesJob(context, settings)] },
      {
        manifests: migrationJobsBy(context, {
          server: { port: POSTGRES_PORT, role: MIGRATOR_ROLE, serverFolder: MIGRATOR_SECRET },
          secrets: { [MIGRATOR_SECRET]: MIGRATOR_SECRET },
          ...(restoreFrom === undefined ? {} : { within: JSON.stringify(restoreFrom) }),
        }),
      },
    ],
  };
}

function landPostgres(lowered: AwsPostgres): PostgresLanding {
  return (parent, name, { network, cluster: ofCluster, zones }) => {
    const options = { parent };
    // What outlives the stack, its last snapshot and the vault, is under this key: without it nobody could read them any more.
    const key = declareKey(name, lowered.key, { ...options, retainOnDelete: true });
    const access = declareEngineAccess(
      name,
      [lowered.port],
      { network, cluster: ofCluster },
      options,
    );
    const cluster = declareCluster(name, lowered, {
      keyArn: key.arn,
      subnetIds: dataSubnets(network.ofCloud),
      securityGroupId: access.id,
      parent,
    });
    declareVault(name, lowered.vault, { keyArn: key.arn, clusterArn: cluster.arn }, options);
    const ownerSecret = cluster.masterUserSecrets.apply(([secret]) => secret?.secretArn ?? '');
    const { roles, generation } = lowered.passwords;
    const passwords = declarePasswords(
      name,
      { users: roles, generation, keyArn: key.arn },
      options,
    );
    const values = {
      [ENDPOINT]: cluster.endpoint,
      [OWNER_SECRET]: ownerSecret,
      ...Object.fromEntries(
        Object.entries(passwords).map(([role, password]) => [passwordOf(role), password]),
      ),
    };
    const dependsOn = zones.foundation;
    const secrets = [...lowered.bindings, ...lowered.jobSecrets].map((secret) =>
      declareSecret(secret, values, { parent, dependsOn: [...dependsOn] }),
    );
    const reader = declarePodRole(
      `${name}-roles`,
      lowered.rolesAccount,
      ofCluster.ofCloud,
      options,
      mayReadOwner(ownerSecret, key.arn),
    );
    declarePart(lowered, { parent, dependsOn: [...dependsOn, cluster, reader, ...secrets] });
    return { host: cluster.endpoint, port: lowered.port };
  };
}

/** The one Secret, and the key that it is encrypted with, as Secrets Manager asks for it. */
function mayReadOwner(secretArn: Input<string>, keyArn: Input<string>) {
  return all([secretArn, keyArn]).apply(([secret, key]) =>
    JSON.stringify(
      policyOf(
        { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secret },
        {
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Resource: key,
          Condition: { StringEquals: { 'kms:EncryptionContext:SecretARN': secret } },
        },
      ),
    ),
  );
}

/** What the cluster is given of other resources. */
interface ClusterPlace {
  readonly keyArn: Input<string>;
  readonly subnetIds: Input<string>[];
  readonly securityGroupId: Input<string>;
  readonly parent: Parameters<PostgresLanding>[0];
}

function declareCluster(
  name: string,
  { cluster, parameters, port }: AwsPostgres,
  { keyArn, subnetIds, securityGroupId, parent }: ClusterPlace,
): rds.Cluster {
  const subnets = new rds.SubnetGroup(name, { subnetIds }, { parent });
  const group = new rds.ClusterParameterGroup(
    name,
    { family: PARAMETER_FAMILY, parameters: parameters.map((one) => ({ ...one })) },
    { parent },
  );
  const monitoring = declareRole(`${name}-monitoring`, cluster.monitoringRole, { parent });
  // RDS would make them itself, and keep their lines for ever.
  const logs = cluster.logs.map(
    (log) =>
      new cloudwatch.LogGroup(
        `${name}-${log}`,
        {
          name: `/aws/rds/cluster/${cluster.identifier}/${log}`,
          retentionInDays: cluster.logDays,
          kmsKeyId: keyArn,
        },
        { parent },
      ),
  );
  return new rds.Cluster(
    name,
    {
      clusterIdentifier: cluster.identifier,
      engine: 'postgres',
      engineVersion: cluster.engineVersion,
      dbClusterInstanceClass: cluster.instanceClass,
      storageType: 'io1',
      allocatedStorage: cluster.storageGib,
      iops: cluster.iops,
      port,
      masterUsername: SERVER_OWNER,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: keyArn,
      // For people who look, and for nobody else: of roles only the onlooker is a member of rds_iam, and the boundary gives its right to no pod.
      // Source: Amazon RDS, "Multi-AZ deployment with two readable standbys now supports AWS IAM database authentication", 14 October 2024
      iamDatabaseAuthenticationEnabled: true,
      storageEncrypted: true,
      kmsKeyId: keyArn,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [securityGroupId],
      dbClusterParameterGroupName: group.name,
      backupRetentionPeriod: cluster.backupDays,
      preferredBackupWindow: cluster.backupWindow,
      preferredMaintenanceWindow: cluster.maintenanceWindow,
      // What people have approved is done when they deploy it, and not by itself on a later Sunday while Pulumi tells that it is done.
      // Source: terraform-provider-aws issue 9756, and 11050 of the next deployment, which fails meanwhile
      applyImmediately: true,
      copyTagsToSnapshot: true,
      deletionProtection: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: `${cluster.identifier}-final`,
      enabledCloudwatchLogsExports: [...cluster.logs],
      monitoringInterval: cluster.monitoringSeconds,
      monitoringRoleArn: monitoring.role.arn,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: keyArn,
      performanceInsightsRetentionPeriod: cluster.insightsDays,
    },
    {
      parent,
      protect: true,
      dependsOn: [...logs, ...monitoring.complete],
      ...(cluster.restoreFrom === undefined
        ? {}
        : { hooks: { beforeCreate: [onlyTakenOver(cluster.identifier)] } }),
    },
  );
}

function usePostgres(
  { graph }: KubernetesContext,
  workload: string,
  { aws }: AwsSettings,
): EngineUse | undefined {
  const grants = databaseGrants(graph).filter(({ service }) => service === workload);
  const isMonitor = workload === ENGINE_METRICS_PROCESS;
  if (grants.length === 0 && !isMonitor) return undefined;
  return {
    engine: 'postgres',
    bindings: isMonitor
      ? monitorBindings(MONITOR_BINDINGS.postgres)
      : bindingSecrets(grants.map(({ binding }) => binding)),
    egress: toDataTier(aws, [POSTGRES_PORT]),
  };
}

/** PostgreSQL of AWS; what it holds can be restored to any moment of the days that backups are kept. */
export function awsPostgres(settings: AwsSettings): KubernetesEngine<AwsPostgres, PostgresLanding> {
  return {
    lower: (context) => lowerPostgres(context, settings),
    land: landPostgres,
    images: [],
    use: (context, workload) => usePostgres(context, workload, settings),
  };
}
