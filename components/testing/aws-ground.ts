import { output } from '@pulumi/pulumi';
import { awsNouns } from '../aws/aws-nouns.ts';
import type { AwsSettings } from '../aws/aws-settings.ts';
import { Cluster } from '../cluster/cluster.ts';
import type { Ground } from '../ground.ts';
import { enginesOf } from '../kubernetes/kubernetes-nouns.ts';
import type { KubernetesLowering } from '../kubernetes/lowering.ts';
import type { PlatformProps } from '../model/platform.ts';
import { samplePlatform } from '../model/testing/sample-platform.ts';
import { Network, TIERS } from '../network/network.ts';
import type { CloudNetwork } from '../network/network.ts';
import { Zones } from '../zones/zones.ts';
import { sampleAwsSettings } from './sample-aws.ts';
import { sampleClusterContext } from './sample-cluster.ts';

/** What a lowering on AWS looks at, for the sample platform or another one. */
export function sampleAwsContext(
  settings: AwsSettings = sampleAwsSettings,
  platform: PlatformProps = samplePlatform,
): KubernetesLowering {
  const context = sampleClusterContext({}, platform);
  return { ...context, settings, engines: enginesOf(awsNouns(settings)) };
}

/** A network and a cluster of AWS that are there already, with names that say what they are. */
export function awsGround(): Ground {
  const zones = sampleAwsSettings.zones.map(({ name }) => name);
  const subnets = Object.fromEntries(
    TIERS.map((tier) => [
      tier,
      Object.fromEntries(zones.map((zone) => [zone, output(`${tier}-${zone}`)])),
    ]),
  ) as unknown as CloudNetwork['subnets'];
  const network = new Network('network', {
    landing: () => ({
      cloud: { id: output('vpc'), subnets, ways: { public: [], private: [] } },
    }),
  });
  const cloud = { name: output('cluster'), securityGroup: output('pods') };
  const cluster = new Cluster('cluster', { landing: () => ({ cloud, providers: [] }), network });
  const certificates = undefined as never;
  return {
    network,
    cluster,
    zones: new Zones('zones', { landing: () => ({ hosts: {} }), certificates }),
  };
}
