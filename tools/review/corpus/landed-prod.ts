import { isDeepStrictEqual } from 'node:util';
import type * as Nouns from '@meridian/components/aws/aws-nouns.ts';
import type { AwsSettings } from '@meridian/components/aws/aws-settings.ts';
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
import { recordClouds } from './record-clouds.ts';
import type { CloudResource } from './record-clouds.ts';

/** The nouns that have something in a cloud, each after what it stands on, by the modules of their landings. */
const LANDINGS = {
  network: 'components/network/aws.ts',
  cluster: 'components/cluster/aws.ts',
  postgres: 'components/postgres/aws.ts',
  redis: 'components/redis/aws.ts',
  kafka: 'components/kafka/aws.ts',
  externals: 'components/external/aws.ts',
  edge: 'components/edge/aws.ts',
  observability: 'components/observability/aws.ts',
} as const;
type CloudNoun = keyof typeof LANDINGS;
const NOUNS = Object.keys(LANDINGS) as readonly CloudNoun[];

/** What the other nouns stand on. */
interface Ground {
  readonly network: Networks.Network;
  readonly cluster: Clusters.Cluster;
}

function isGround(noun: CloudNoun): noun is keyof Ground {
  return noun === 'network' || noun === 'cluster';
}

/** Production with some modules edited, before anything of it is declared. */
interface LoweredProd {
  readonly settings: AwsSettings;
  /** What each noun is lowered to, without what is in the cluster. */
  readonly lowered: Readonly<Record<CloudNoun, object>>;
  /** Declares some nouns on the ground that they stand on, which it gives: the base's, but for what is declared of it. */
  readonly declare: (nouns: readonly CloudNoun[], base: Ground | undefined) => Ground;
}

/** Production as it is. */
interface Base extends Pick<LoweredProd, 'settings' | 'lowered'> {
  readonly ground: Ground;
  readonly resources: readonly CloudResource[];
}

/**
 * What production declares in its clouds, without an engine. A landing follows from its modules, the settings, what its noun is
 * lowered to and what it stands on: where a change leaves all of them as production has them, so is what it declares, and it is
 * not made again.
 */
export class LandedProd {
  readonly #modules: EditedModules;
  readonly #isWhole: boolean;
  #base: Base | undefined;

  /** @param isWhole whether everything is made again for each change */
  constructor(modules: EditedModules, isWhole: boolean) {
    this.#modules = modules;
    this.#isWhole = isWhole;
  }

  /** The resources with the modules as they are edited; the first time they are not, and that is production as it is. */
  async resources(): Promise<readonly CloudResource[]> {
    const now = await loweredProd(this.#modules);
    const nouns = this.#another(now);
    const { made: ground, resources: recorded } = await recordClouds(() =>
      now.declare(nouns, this.#base?.ground),
    );
    const kept = this.#base?.resources.filter((one) => !nouns.includes(nounOf(one))) ?? [];
    const resources = [...recorded, ...kept].toSorted((one, other) =>
      one.urn < other.urn ? -1 : 1,
    );
    this.#base ??= { ...now, ground, resources };
    return resources;
  }

  /** The nouns that are declared otherwise than by production as it is, as far as that is known before. */
  #another({ settings, lowered }: LoweredProd): readonly CloudNoun[] {
    const base = this.#base;
    if (base === undefined || this.#isWhole || !isDeepStrictEqual(settings, base.settings)) {
      return NOUNS;
    }
    const another = NOUNS.filter(
      (noun) =>
        this.#modules.reaches(LANDINGS[noun]) ||
        !isDeepStrictEqual(lowered[noun], base.lowered[noun]),
    );
    const ground = NOUNS.findIndex((noun) => isGround(noun) && another.includes(noun));
    // Whatever comes after it stands on it.
    return ground === -1 ? another : NOUNS.slice(ground);
  }
}

/** Resources are named after their nouns. */
function nounOf({ urn }: CloudResource): CloudNoun {
  const name = urn.split('::').at(-1) ?? '';
  const noun = NOUNS.find((one) => name === one || name.startsWith(`${one}-`));
  if (noun === undefined) throw new Error(`No noun declares ${urn}`);
  return noun;
}

async function loweredProd(modules: EditedModules): Promise<LoweredProd> {
  const { landed } = await modules.load<typeof LandedGraphs>('components/model/landed.ts');
  const { platform } = await modules.load<typeof Graph>('infra/platform-graph.ts');
  const { EXAMPLE_ACCOUNT, prodSettings } = await modules.load<typeof Prod>('stacks/prod.ts');
  const { awsNouns } = await modules.load<typeof Nouns>('components/aws/aws-nouns.ts');
  const { enginesOf } = await modules.load<typeof Engines>(
    'components/kubernetes/kubernetes-nouns.ts',
  );
  const { observabilityInAws } = await modules.load<typeof Observability>(LANDINGS.observability);
  const { Network } = await modules.load<typeof Networks>('components/network/network.ts');
  const { Cluster } = await modules.load<typeof Clusters>('components/cluster/cluster.ts');
  const { Zones } = await modules.load<typeof AllZones>('components/zones/zones.ts');
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
  const place = { serviceParts: {}, rollouts: {} };
  const inClouds = { steps: [] };
  const lowered = {
    network: nouns.network.lower(context),
    cluster: { ...nouns.cluster.lower(context), ...inClouds },
    postgres: { ...nouns.postgres.lower(context), ...inClouds },
    redis: { ...nouns.redis.lower(context), ...inClouds },
    kafka: { ...nouns.kafka.lower(context), ...inClouds },
    externals: { ...nouns.externals.lower(context), ...inClouds },
    edge: { ...nouns.edge.lower(context), ...inClouds },
    // Its rules and boards are most of what is lowered, and in the cluster.
    observability: { ...observabilityInAws(context, settings), ...inClouds },
  };
  /** Declares what stands on the ground. */
  const others = (ground: Ground) => {
    // What is of the cluster alone is looked at elsewhere.
    const nothing = undefined as never;
    const inCluster = { landing: nothing, certificates: nothing, gateway: nothing, edge: nothing };
    const zones = new Zones('zones', { landing: () => ({ hosts: {} }), certificates: nothing });
    const args = { ...ground, ...inCluster, zones };
    const parentOf = (noun: CloudNoun) => new ComponentResource('meridian:corpus:Noun', noun);
    return {
      postgres: () =>
        nouns.postgres.land(lowered.postgres, place)(parentOf('postgres'), 'postgres', args),
      redis: () => nouns.redis.land(lowered.redis, place)(parentOf('redis'), 'redis', args),
      kafka: () => nouns.kafka.land(lowered.kafka, place)(parentOf('kafka'), 'kafka', args),
      externals: () =>
        nouns.externals.land(lowered.externals, place)(parentOf('externals'), 'externals', args),
      edge: () => nouns.edge.land(lowered.edge, place)(parentOf('edge'), 'edge', args),
      observability: () =>
        nouns.observability.land(lowered.observability, place)(
          parentOf('observability'),
          'observability',
          args,
        ),
    };
  };
  return {
    settings,
    lowered,
    declare: (wanted, base) => {
      const network =
        base === undefined || wanted.includes('network')
          ? new Network('network', { landing: nouns.network.land(lowered.network, place) })
          : base.network;
      const cluster =
        base === undefined || wanted.includes('cluster')
          ? new Cluster('cluster', { landing: nouns.cluster.land(lowered.cluster, place), network })
          : base.cluster;
      const ground = { network, cluster };
      const standing = others(ground);
      for (const noun of wanted) if (!isGround(noun)) standing[noun]();
      return ground;
    },
  };
}
