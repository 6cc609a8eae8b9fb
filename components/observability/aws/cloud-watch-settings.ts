import { clusterNameOf } from '../../aws/account-names.ts';
import type { AwsSettings } from '../../aws/aws-settings.ts';
import { targetGroupsOf } from '../../edge/aws/balancer.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { postgresCluster } from '../../postgres/aws/cluster.ts';
import type { CloudWatchSettings } from '../rules/cloud-alerts.ts';

const GIB = 1_024 ** 3;

/**
 * By what alerts know what AWS manages. RDS names the instances of a cluster after it; what Pulumi names begins with the name of
 * its component, by which no other of the account does.
 */
export function cloudWatchSettings(
  { graph }: Pick<KubernetesContext, 'graph'>,
  settings: AwsSettings,
): CloudWatchSettings {
  const { identifier, storageGib } = postgresCluster(graph, settings);
  const { existingCluster, network } = settings.aws;
  const name = clusterNameOf(graph.name, settings.environment);
  return {
    postgres: {
      instances: { pattern: `${identifier}-instance-[0-9]+` },
      storageBytes: storageGib * GIB,
      vaults: { pattern: 'postgres-.+' },
    },
    kafka: { cluster: `${graph.name}-${settings.environment}` },
    redis: { nodes: { pattern: 'redis-.+' } },
    edge: {
      balancers: { pattern: 'net/edge-.+' },
      targetGroups: { pattern: `targetgroup/${targetGroupsOf(settings)}.+/.+` },
    },
    hasWaysOut: !('existing' in network),
    cluster: existingCluster?.name ?? name,
  };
}
