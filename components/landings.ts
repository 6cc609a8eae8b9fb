import { CodedError } from '@meridian/language/coded-error.ts';
import type { KubernetesSettings } from './kubernetes/kubernetes-settings.ts';
import type { LocalSettings } from './local/local-settings.ts';
import type { LandedGraph } from './model/landed.ts';
import type { Landings } from './nouns.ts';
import type { ProgramSources } from './service/program-sources.ts';

/** Settings of a stack whose engines AWS manages, as far as there are any. */
export interface AwsSettings {
  readonly landing: 'aws';
  readonly file: string;
}

/**
 * Settings of any stack. `landing` names one of the combinations that make sense, each a table with a
 * line for every noun: all on this machine, all in a cluster, or services in a cluster with engines
 * that AWS manages.
 */
export type StackSettings = LocalSettings | KubernetesSettings | AwsSettings;

/**
 * Lowers the graph as the stack's settings say, once for the whole platform, and gives the code for
 * every noun of it. What another combination needs is not loaded. Throws CodedError LANDING_NOT_YET,
 * SETTINGS_INVALID.
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
    case 'kubernetes': {
      const { landKubernetes, lowerKubernetes } = await import('./kubernetes/lower-kubernetes.ts');
      const { version, migrations } = sources;
      const stack = lowerKubernetes({ graph, settings, version, migrations });
      return landKubernetes(stack);
    }
    case 'aws': {
      const { unwrittenNouns } = await import('./aws/aws-nouns.ts');
      const names = unwrittenNouns.map((noun) => `'${noun}'`).join(', ');
      throw new CodedError(
        'LANDING_NOT_YET',
        `Setting 'landing': must be one that is written ('local', 'kubernetes'), got '${settings.landing}', which has no ${names} yet; choose it in stacks/<stack>.ts`,
      );
    }
  }
}
