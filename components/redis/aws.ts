import { cloudwatch, elasticache } from '@pulumi/aws';
import type { Input } from '@pulumi/pulumi';
import { BINDINGS_FOLDER } from '@meridian/language/process-folder.ts';
import type { AwsSettings } from '../aws/aws-settings.ts';
import { dataSubnets, toDataTier } from '../aws/data-tier.ts';
import { declaredBinding, declareSecret, OF_CLOUD } from '../aws/declared-secret.ts';
import type { DeclaredSecret } from '../aws/declared-secret.ts';
import { declareEngineAccess } from '../aws/engine-access.ts';
import { declareKey, keyOf, usedByLogs } from '../aws/key.ts';
import type { AwsKey } from '../aws/key.ts';
import { declarePasswords } from '../aws/password.ts';
import { bindingSecrets } from '../kubernetes/engine.ts';
import type { EngineUse, KubernetesEngine } from '../kubernetes/engine.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import { monitorBinding, monitorBindings } from '../observability/engines/cluster-monitor.ts';
import {
  ENGINE_METRICS_PROCESS,
  MONITOR_BINDINGS,
  MONITOR_GRANTS,
} from '../observability/engines/monitor.ts';
import { ENDPOINT, passwordOf, REDIS_PORT } from './aws/names.ts';
import { awsRedisUsers } from './aws/users.ts';
import type { AwsRedisUser } from './aws/users.ts';
import { redisBinding } from './redis-binding.ts';
import { redisGrants } from './redis-grants.ts';
import type { RedisGrant } from './redis-grants.ts';
import type { RedisLanding } from './redis.ts';

/**
 * Valkey 8 of ElastiCache. In the cluster it is a later one: of what only that has nothing is used, and redis-grants.ts names
 * every command that is.
 */
const ENGINE = { engine: 'valkey', engineVersion: '8.0', family: 'valkey8' } as const;

/** What holds for the server of every landing, as far as ElastiCache leaves it to us: what it holds may be lost. */
const PARAMETERS: Readonly<Record<string, string>> = {
  'maxmemory-policy': 'allkeys-lru',
  // A replica that dies leaves a half-open connection behind.
  'tcp-keepalive': '30',
};

const MAINTENANCE_WINDOW = 'sun:04:30-sun:05:30';

/** A primary and two replicas, each in a zone of its own; nothing is kept of what they hold. */
export interface AwsRedis {
  readonly port: number;
  readonly group: {
    readonly engine: string;
    readonly engineVersion: string;
    readonly family: string;
    readonly nodeType: string;
    /** A node in each; the first has the primary until it fails. */
    readonly availabilityZones: readonly string[];
    readonly parameters: Readonly<Record<string, string>>;
    readonly maintenanceWindow: string;
    readonly logDays: number;
  };
  readonly key: AwsKey;
  readonly users: readonly AwsRedisUser[];
  readonly userGroup: string;
  readonly generation: number;
  readonly bindings: readonly DeclaredSecret[];
}

/** What a graph needs of it; nothing at all where no service has a key space. */
function lowerRedis({ graph, settings }: KubernetesContext, given: AwsSettings): AwsRedis {
  const { aws, environment, zones } = given;
  return {
    port: REDIS_PORT,
    group: {
      ...ENGINE,
      nodeType: aws.sizes.redis.nodeType,
      availabilityZones: zones.map(({ topologyZone }) => topologyZone),
      parameters: PARAMETERS,
      maintenanceWindow: MAINTENANCE_WINDOW,
      logDays: aws.logDays,
    },
    key: keyOf(
      aws.account,
      'What caches hold, their logs, and the passwords to them',
      usedByLogs(aws.region, aws.account),
    ),
    users: redisGrants(graph).length === 0 ? [] : awsRedisUsers(graph, environment),
    userGroup: `${graph.name}-${environment}`,
    generation: settings.passwordGeneration,
    bindings: bindings({ graph }),
  };
}

type BoundGrant = Pick<RedisGrant, 'user' | 'keyPrefix'>;

function bindings(context: Pick<KubernetesContext, 'graph'>): readonly DeclaredSecret[] {
  const grants = redisGrants(context.graph);
  if (grants.length === 0) return [];
  const { redis: folder } = MONITOR_BINDINGS;
  const bound = (grant: BoundGrant, mountedAt: string, name = mountedAt): DeclaredSecret =>
    declaredBinding(
      context,
      'redis',
      name,
      redisBinding(grant, {
        host: OF_CLOUD,
        port: REDIS_PORT,
        passwordFile: `${BINDINGS_FOLDER}/${mountedAt}/password`,
        asksForCertificate: false,
      }),
      { host: ENDPOINT, password: passwordOf(grant.user) },
    );
  return [
    ...grants.map((grant) => bound(grant, grant.binding)),
    bound(MONITOR_GRANTS.redis, folder, monitorBinding(folder)),
  ];
}

function landRedis(lowered: AwsRedis): RedisLanding {
  return (parent, name, { network, cluster, zones }) => {
    // Nobody uses it.
    if (lowered.users.length === 0) return { host: '', port: lowered.port };
    const options = { parent };
    const key = declareKey(name, lowered.key, options);
    const access = declareEngineAccess(name, [lowered.port], { network, cluster }, options);
    const passwords = declarePasswords(
      name,
      {
        users: lowered.users.map((user) => user.name),
        generation: lowered.generation,
        keyArn: key.arn,
      },
      options,
    );
    const userIds = lowered.users.map((user) => {
      const password = passwords[user.name];
      if (password === undefined) throw new Error(`No password for user ${user.name}`);
      return new elasticache.User(
        `${name}-${user.name}`,
        {
          engine: lowered.group.engine,
          userId: user.id,
          userName: user.name,
          accessString: user.accessString,
          authenticationMode: { type: 'password', passwords: [password] },
        },
        options,
      ).userId;
    });
    const users = new elasticache.UserGroup(
      name,
      { engine: lowered.group.engine, userGroupId: lowered.userGroup, userIds },
      options,
    );
    const group = declareGroup(name, lowered, {
      keyArn: key.arn,
      securityGroupId: access.id,
      userGroupId: users.userGroupId,
      subnetIds: dataSubnets(network.ofCloud),
      parent,
    });
    const values = {
      [ENDPOINT]: group.primaryEndpointAddress,
      ...Object.fromEntries(
        Object.entries(passwords).map(([user, password]) => [passwordOf(user), password]),
      ),
    };
    for (const binding of lowered.bindings) {
      declareSecret(binding, values, { parent, dependsOn: [...zones.foundation] });
    }
    return { host: group.primaryEndpointAddress, port: lowered.port };
  };
}

/** What the group is given of other resources. */
interface GroupPlace {
  readonly keyArn: Input<string>;
  readonly securityGroupId: Input<string>;
  readonly userGroupId: Input<string>;
  readonly subnetIds: Input<string>[];
  readonly parent: Parameters<RedisLanding>[0];
}

function declareGroup(
  name: string,
  { group, port }: AwsRedis,
  { keyArn, securityGroupId, userGroupId, subnetIds, parent }: GroupPlace,
): elasticache.ReplicationGroup {
  const parameters = Object.entries(group.parameters).map(([parameter, value]) => ({
    name: parameter,
    value,
  }));
  const parameterGroup = new elasticache.ParameterGroup(
    name,
    { family: group.family, parameters },
    { parent },
  );
  const logs = new cloudwatch.LogGroup(
    name,
    { retentionInDays: group.logDays, kmsKeyId: keyArn },
    { parent },
  );
  return new elasticache.ReplicationGroup(
    name,
    {
      description: 'Caches and limits of the platform',
      engine: group.engine,
      engineVersion: group.engineVersion,
      nodeType: group.nodeType,
      port,
      parameterGroupName: parameterGroup.name,
      subnetGroupName: new elasticache.SubnetGroup(name, { subnetIds }, { parent }).name,
      securityGroupIds: [securityGroupId],
      userGroupIds: [userGroupId],
      clusterMode: 'disabled',
      numCacheClusters: group.availabilityZones.length,
      preferredCacheClusterAzs: [...group.availabilityZones],
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      atRestEncryptionEnabled: true,
      kmsKeyId: keyArn,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      // What it holds may be lost.
      snapshotRetentionLimit: 0,
      autoMinorVersionUpgrade: true,
      maintenanceWindow: group.maintenanceWindow,
      // As of PostgreSQL: what is approved is done when it is deployed (../postgres/aws.ts).
      applyImmediately: true,
      logDeliveryConfigurations: [
        {
          destination: logs.name,
          destinationType: 'cloudwatch-logs',
          logFormat: 'json',
          logType: 'engine-log',
        },
      ],
    },
    { parent },
  );
}

function useRedis(
  { graph }: KubernetesContext,
  workload: string,
  { aws }: AwsSettings,
): EngineUse | undefined {
  const all = redisGrants(graph);
  const grants = all.filter(({ service }) => service === workload);
  const isMonitor = workload === ENGINE_METRICS_PROCESS && all.length > 0;
  if (grants.length === 0 && !isMonitor) return undefined;
  return {
    engine: 'redis',
    bindings: isMonitor
      ? monitorBindings(MONITOR_BINDINGS.redis)
      : bindingSecrets(grants.map(({ binding }) => binding)),
    egress: toDataTier(aws, [REDIS_PORT]),
  };
}

/** Redis of AWS. */
export function awsRedis(settings: AwsSettings): KubernetesEngine<AwsRedis, RedisLanding> {
  return {
    lower: (context) => lowerRedis(context, settings),
    land: landRedis,
    images: [],
    use: (context, workload) => useRedis(context, workload, settings),
  };
}
