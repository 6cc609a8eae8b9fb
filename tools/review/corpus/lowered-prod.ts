import type * as Nouns from '@meridian/components/aws/aws-nouns.ts';
import type * as Clusters from '@meridian/components/cluster/cluster.ts';
import type * as Engines from '@meridian/components/kubernetes/kubernetes-nouns.ts';
import type * as LandedGraphs from '@meridian/components/model/landed.ts';
import type * as Networks from '@meridian/components/network/network.ts';
import type * as Observability from '@meridian/components/observability/aws.ts';
import type * as AllZones from '@meridian/components/zones/zones.ts';
import { ComponentResource } from '@pulumi/pulumi';
import type * as Graph from '../../../infra/platform-graph.ts';
import type * as Prod from '../../../stacks/prod.ts';
import type { EditedModules } from './edited-modules.ts';

/** The nouns that have something in a cloud, each after what it stands on, by the modules of their landings. */
export const LANDINGS = {
  network: 'components/network/aws.ts',
  cluster: 'components/cluster/aws.ts',
  postgres: 'components/postgres/aws.ts',
  redis: 'components/redis/aws.ts',
  kafka: 'components/kafka/aws.ts',
  externals: 'components/external/aws.ts',
  edge: 'components/edge/aws.ts',
  observability: 'components/observability/aws.ts',
} as const;

/** Modules of the components that stand between landings. */
export const COMPONENTS = {
  network: 'components/network/network.ts',
  cluster: 'components/cluster/cluster.ts',
  zones: 'components/zones/zones.ts',
} as const;

/** A noun that has something in a cloud. */
export type CloudNoun = keyof typeof LANDINGS;

/** What the other nouns stand on. */
export interface Ground {
  readonly network: Networks.Network;
  readonly cluster: Clusters.Cluster;
}

/** Whether the other nouns stand on it. */
export function isGround(noun: CloudNoun): noun is keyof Ground {
  return noun === 'network' || noun === 'cluster';
}

/** Production with some modules edited, before anything of it is declared. */
export type LoweredProd = Awaited<ReturnType<typeof loweredProd>>;

const PLACE = { serviceParts: {}, rollouts: {} };

/** Lowers production with the modules as they are edited, without what is in the cluster, which is looked at elsewhere. */
export async function loweredProd(modules: EditedModules) {
  const { landed } = await modules.load<typeof LandedGraphs>('components/model/landed.ts');
  const { platform } = await modules.load<typeof Graph>('infra/platform-graph.ts');
  const { EXAMPLE_ACCOUNT, prodSettings } = await modules.load<typeof Prod>('stacks/prod.ts');
  const { awsNouns } = await modules.load<typeof Nouns>('components/aws/aws-nouns.ts');
  const { enginesOf } = await modules.load<typeof Engines>(
    'components/kubernetes/kubernetes-nouns.ts',
  );
  const { observabilityInAws } = await modules.load<typeof Observability>(LANDINGS.observability);
  const settings = prodSettings({
    'aws:region': 'us-east-1',
    'aws:allowedAccountIds': `["${EXAMPLE_ACCOUNT}"]`,
  });
  const nouns = awsNouns(settings);
  const graph = landed(platform(settings));
  const migrations = Object.fromEntries(
    graph.services.flatMap(({ stores }) =>
      stores.flatMap((store) => ('migrations' in store ? [[store.migrations, 'none']] : [])),
    ),
  );
  const context = { graph, settings, version: '0.0.0', migrations, engines: enginesOf(nouns) };
  const inClouds = { steps: [] };
  return {
    settings,
    nouns,
    lowered: {
      network: nouns.network.lower(context),
      cluster: { ...nouns.cluster.lower(context), ...inClouds },
      postgres: { ...nouns.postgres.lower(context), ...inClouds },
      redis: { ...nouns.redis.lower(context), ...inClouds },
      kafka: { ...nouns.kafka.lower(context), ...inClouds },
      externals: { ...nouns.externals.lower(context), ...inClouds },
      edge: { ...nouns.edge.lower(context), ...inClouds },
      // Its rules and boards are most of what is lowered, and in the cluster.
      observability: { ...observabilityInAws(context, settings), ...inClouds },
    },
    components: {
      ...(await modules.load<typeof Networks>(COMPONENTS.network)),
      ...(await modules.load<typeof Clusters>(COMPONENTS.cluster)),
      ...(await modules.load<typeof AllZones>(COMPONENTS.zones)),
    },
  };
}

/**
 * Declares some nouns, and gives what all of them stand on.
 *
 * @param base what they stand on where it is not declared again
 */
export function declareProd(
  { nouns, lowered, components: { Network, Cluster, Zones } }: LoweredProd,
  wanted: readonly CloudNoun[],
  base: Ground | undefined,
): Ground {
  const network =
    base === undefined || wanted.includes('network')
      ? new Network('network', { landing: nouns.network.land(lowered.network, PLACE) })
      : base.network;
  const cluster =
    base === undefined || wanted.includes('cluster')
      ? new Cluster('cluster', { landing: nouns.cluster.land(lowered.cluster, PLACE), network })
      : base.cluster;
  // What is of the cluster alone is looked at elsewhere.
  const nothing = undefined as never;
  const inCluster = { landing: nothing, certificates: nothing, gateway: nothing, edge: nothing };
  const zones = new Zones('zones', { landing: () => ({ hosts: {} }), certificates: nothing });
  const args = { network, cluster, zones, ...inCluster };
  const parent = (noun: CloudNoun) => new ComponentResource('meridian:corpus:Noun', noun);
  const { postgres, redis, kafka, externals, edge, observability } = nouns;
  const declare = {
    postgres: () => postgres.land(lowered.postgres, PLACE)(parent('postgres'), 'postgres', args),
    redis: () => redis.land(lowered.redis, PLACE)(parent('redis'), 'redis', args),
    kafka: () => kafka.land(lowered.kafka, PLACE)(parent('kafka'), 'kafka', args),
    externals: () =>
      externals.land(lowered.externals, PLACE)(parent('externals'), 'externals', args),
    edge: () => edge.land(lowered.edge, PLACE)(parent('edge'), 'edge', args),
    observability: () => {
      const land = observability.land(lowered.observability, PLACE);
      land(parent('observability'), 'observability', args);
    },
  };
  for (const noun of wanted) if (!isGround(noun)) declare[noun]();
  return { network, cluster };
}
