import type { AwsSettings } from './aws/aws-settings.ts';
import type { KubernetesSettings } from './kubernetes/kubernetes-settings.ts';
import type { NounsForPods } from './kubernetes/kubernetes-nouns.ts';
import type { LocalSettings } from './local/local-settings.ts';
import type { LandedGraph } from './model/landed.ts';
import type { Landings } from './nouns.ts';
import type { ProgramSources } from './service/program-sources.ts';

/**
 * Settings of any stack. `landing` names one of the combinations that make sense, each a table with a
 * line for every noun: all on this machine, all in a cluster, or services in a cluster with engines
 * that AWS manages.
 */
export type StackSettings = LocalSettings | KubernetesSettings | AwsSettings;

/**
 * Lowers the graph as the stack's settings say, once for the whole platform, and gives the code for
 * every noun of it. What another combination needs is not loaded. Throws CodedError SETTINGS_INVALID.
 */
export async function chooseLandings(
  graph: LandedGraph,
  settings: StackSettings,
  sources: ProgramSources,
): Promise<Landings> {
  switch (settings.landing) {
    case 'local': {
      const { landLocal, lowerLocal } = await import('./local/lower-local.ts');
      return landLocal(lowerLocal(graph, settings, sources));
    }
    case 'kubernetes':
    case 'aws': {
      const { landPods, lowerPods } = await import('./kubernetes/lower-kubernetes.ts');
      const nouns = await nounsForPods(settings);
      const { version, migrations } = sources;
      return landPods(nouns, lowerPods({ graph, settings, version, migrations }, nouns));
    }
  }
}

/** The table of a stack whose services are pods; what another one needs is not loaded. */
export async function nounsForPods(
  settings: KubernetesSettings | AwsSettings,
): Promise<NounsForPods> {
  if (settings.landing === 'aws') {
    const { awsNouns } = await import('./aws/aws-nouns.ts');
    return awsNouns(settings);
  }
  const { KUBERNETES_NOUNS } = await import('./kubernetes/kubernetes-nouns.ts');
  return KUBERNETES_NOUNS;
}
