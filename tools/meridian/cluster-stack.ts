import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { KubernetesSettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import type { KubernetesStack } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { landed as landedPart } from '@meridian/components/model/landed.ts';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { migrationDigests } from '@meridian/components/service/source-digest.ts';
import { platform } from '../../infra/platform-graph.ts';
import { stackSettings } from '../../stacks/stacks.ts';
import { programFolder } from './places.ts';
import { configOf, withoutPrefix } from './stack-config.ts';

/** A stack that runs in a cluster, from its settings to its objects. */
export interface ClusterStack {
  readonly settings: KubernetesSettings;
  /** The part that has code. */
  readonly landed: LandedGraph;
  readonly lowered: KubernetesStack;
}

/**
 * What a stack is in a cluster, from its file and the declarations alone: all that is declared, or the
 * part of it that has code.
 *
 * @throws {CodedError} STACK_UNKNOWN, STACK_WITHOUT_CHARTS, SETTINGS_INVALID, GRAPH_INVALID,
 *   PINS_INVALID
 */
export async function clusterStack(
  stack: string,
  part: 'declared' | 'landed' = 'declared',
): Promise<ClusterStack> {
  const settings = await settingsOf(stack);
  const { version } = JSON.parse(
    readFileSync(path.join(programFolder, 'package.json'), 'utf8'),
  ) as { readonly version: string };
  const landed = landedPart(platform(settings));
  const graph = part === 'landed' ? landed : landed.declared;
  const migrations = migrationDigests(programFolder, landed);
  return { settings, landed, lowered: lowerKubernetes({ graph, settings, version, migrations }) };
}

async function settingsOf(stack: string): Promise<KubernetesSettings> {
  const file = path.join(programFolder, `Pulumi.${stack}.yaml`);
  const raw = existsSync(file) ? withoutPrefix(configOf(file)) : {};
  const settings = await stackSettings(stack, raw);
  if (settings.landing === 'kubernetes') return settings;
  throw new CodedError(
    'STACK_WITHOUT_CHARTS',
    `Stack '${stack}': must run in a Kubernetes cluster to have charts, got the landing '${settings.landing}'; choose another one with --stack`,
  );
}
