import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { KubernetesSettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import type { KubernetesStack } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { migrationDigests } from '@meridian/components/service/source-digest.ts';
import { platform } from '../../infra/platform-graph.ts';
import { stackSettings } from '../../stacks/stacks.ts';
import { programFolder } from './places.ts';
import { configOf, withoutPrefix } from './stack-config.ts';

/** A stack that runs in a cluster, from its settings to its objects. */
export interface ClusterStack {
  readonly settings: KubernetesSettings;
  readonly graph: PlatformGraph;
  readonly lowered: KubernetesStack;
}

/**
 * What a stack is in a cluster, from its file and the declarations alone. `part` chooses what of the
 * graph is meant; without it, all that is declared.
 *
 * @throws {CodedError} STACK_UNKNOWN, STACK_WITHOUT_CHARTS, SETTINGS_INVALID, GRAPH_INVALID,
 *   PINS_INVALID
 */
export function clusterStack(
  stack: string,
  part: (graph: PlatformGraph) => PlatformGraph = (graph) => graph,
): ClusterStack {
  const settings = settingsOf(stack);
  const { version } = JSON.parse(
    readFileSync(path.join(programFolder, 'package.json'), 'utf8'),
  ) as { readonly version: string };
  const graph = part(platform(settings));
  const migrations = migrationDigests(programFolder, graph);
  return { settings, graph, lowered: lowerKubernetes({ graph, settings, version, migrations }) };
}

function settingsOf(stack: string): KubernetesSettings {
  const file = path.join(programFolder, `Pulumi.${stack}.yaml`);
  const settings = stackSettings(stack, existsSync(file) ? withoutPrefix(configOf(file)) : {});
  if (settings.landing === 'kubernetes') return settings;
  throw new CodedError(
    'STACK_WITHOUT_CHARTS',
    `Stack '${stack}': must run in a Kubernetes cluster to have charts, got the landing '${settings.landing}'; choose another one with --stack`,
  );
}
