/**
 * Evaluates changes of production's landings and writes what each makes of the resources of its clouds. Arguments: a file of
 * EditedFiles, one for each change, and one for a list of EvaluatedProd. Run by prod-changes.test.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type * as Nouns from '@meridian/components/aws/aws-nouns.ts';
import type * as Landed from '@meridian/components/model/landed.ts';
import type * as Clusters from '@meridian/components/cluster/cluster.ts';
import type * as Networks from '@meridian/components/network/network.ts';
import type * as AllZones from '@meridian/components/zones/zones.ts';
import { ComponentResource } from '@pulumi/pulumi';
import type * as Graph from '../../../infra/platform-graph.ts';
import type * as Prod from '../../../stacks/prod.ts';
import type { EditedFiles } from './corpus-change.ts';
import { EditedModules } from './edited-modules.ts';
import { recordClouds } from './record-clouds.ts';
import type { CloudResource } from './record-clouds.ts';

/** What production is made of with some files edited, or why it cannot be made. */
export type EvaluatedProd =
  { readonly resources: readonly CloudResource[] } | { readonly error: string };

const [, , given = '', told = ''] = process.argv;
const changes = JSON.parse(readFileSync(given, 'utf8')) as readonly EditedFiles[];
const modules = new EditedModules(path.resolve(import.meta.dirname, '../../..'));
const results: EvaluatedProd[] = [];
for (const files of changes) results.push(await evaluated(files));
writeFileSync(told, JSON.stringify(results));

async function evaluated(files: EditedFiles): Promise<EvaluatedProd> {
  modules.begin(files);
  try {
    return { resources: await made() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** What the landings declare in clouds; of a cluster's objects none is rendered. */
async function made(): Promise<readonly CloudResource[]> {
  const { landed } = await modules.load<typeof Landed>('components/model/landed.ts');
  const { platform } = await modules.load<typeof Graph>('infra/platform-graph.ts');
  const { EXAMPLE_ACCOUNT, prodSettings } = await modules.load<typeof Prod>('stacks/prod.ts');
  const { awsNouns } = await modules.load<typeof Nouns>('components/aws/aws-nouns.ts');
  const { enginesOf } = await import('@meridian/components/kubernetes/kubernetes-nouns.ts');
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
  const { Network } = await modules.load<typeof Networks>('components/network/network.ts');
  const { Cluster } = await modules.load<typeof Clusters>('components/cluster/cluster.ts');
  const { Zones } = await modules.load<typeof AllZones>('components/zones/zones.ts');
  return await recordClouds(() => {
    const network = new Network('network', {
      landing: nouns.network.land(nouns.network.lower(context), place),
    });
    const cluster = new Cluster('cluster', {
      landing: nouns.cluster.land({ ...nouns.cluster.lower(context), steps: [] }, place),
      network,
    });
    // What is of the cluster alone is looked at elsewhere.
    const [certificates, gateway, edge] = [
      undefined as never,
      undefined as never,
      undefined as never,
    ];
    const zones = new Zones('zones', { landing: () => ({ hosts: {} }), certificates });
    const ground = { network, cluster, zones, certificates, gateway, edge };
    const { postgres, redis, kafka, externals, observability } = nouns;
    const parentOf = (name: string) => new ComponentResource('meridian:corpus:Noun', name);
    postgres.land(postgres.lower(context), place)(parentOf('postgres'), 'postgres', {
      landing: undefined as never,
      ...ground,
    });
    redis.land(redis.lower(context), place)(parentOf('redis'), 'redis', {
      landing: undefined as never,
      ...ground,
    });
    kafka.land(kafka.lower(context), place)(parentOf('kafka'), 'kafka', {
      landing: undefined as never,
      ...ground,
    });
    externals.land({ ...externals.lower(context), steps: [] }, place)(
      parentOf('externals'),
      'externals',
      { landing: undefined as never, ...ground },
    );
    nouns.edge.land({ ...nouns.edge.lower(context), steps: [] }, place)(parentOf('edge'), 'edge', {
      landing: undefined as never,
      ...ground,
    });
    observability.land({ ...observability.lower(context), steps: [] }, place)(
      parentOf('observability'),
      'observability',
      { landing: undefined as never, ...ground },
    );
  });
}
