import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import type { KubernetesStack } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { landed } from '@meridian/components/model/landed.ts';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { platform } from '../../infra/platform-graph.ts';
import { stagingSettings } from '../../stacks/staging.ts';

/** The staging stack before anything of it is rendered. */
export interface MadeStaging {
  readonly graph: LandedGraph;
  readonly lowered: KubernetesStack;
}

/** Builds and lowers the staging stack. */
export function madeStaging(): MadeStaging {
  const settings = stagingSettings({});
  const graph = landed(platform(settings));
  return {
    graph,
    lowered: lowerKubernetes({ graph, settings, version: '0.0.0', migrations: {} }),
  };
}
