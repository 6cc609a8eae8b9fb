import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { AwsSettings } from '@meridian/components/aws/aws-settings.ts';
import type { KubernetesSettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { lowerPods } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import type { PodsStack } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { nounsForPods } from '@meridian/components/landings.ts';
import { landed } from '@meridian/components/model/landed.ts';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { checkDeclaredFiles } from '@meridian/components/service/declared-files.ts';
import { migrationDigests } from '@meridian/components/service/source-digest.ts';
import type { ClusterAccess } from '../../providers/cluster/api/kubectl-proxy.ts';
import { readByProgram, refuseUnknownProviderSettings } from '../../stacks/provider-settings.ts';
import { refuseSecretSettings, stackSettings } from '../../stacks/stacks.ts';
import { asGiven } from './given-problems.ts';
import { programFolder } from './places.ts';
import { configOf, isKeptSecret, withoutPrefix } from './stack-config.ts';
import type { Settings } from './stack-config.ts';

/** Name of the program, as Pulumi.yaml has it. */
const PROJECT = 'meridian';

/** A stack that runs in a cluster, from its settings to its objects. */
export interface ClusterStack {
  readonly settings: KubernetesSettings | AwsSettings;
  /** The part that has code, as only that is deployed. */
  readonly graph: LandedGraph;
  readonly lowered: PodsStack;
}

/**
 * What a stack is in a cluster, from its file, the settings given beside it, and the declarations: what a deployment
 * with them would make of it.
 *
 * @throws {CodedError} STACK_UNKNOWN, STACK_WITHOUT_CHARTS, SETTINGS_INVALID, GRAPH_INVALID,
 *   PINS_INVALID, DECLARED_FILE_MISSING, MIGRATIONS_MISNAMED, OBJECTS_INVALID
 */
export async function clusterStack(stack: string, given: Settings = {}): Promise<ClusterStack> {
  const settings = await settingsOf(stack, given);
  const { version } = JSON.parse(
    readFileSync(path.join(programFolder, 'package.json'), 'utf8'),
  ) as { readonly version: string };
  const { platform } = await import('../../infra/platform-graph.ts');
  const graph = landed(platform(settings));
  checkDeclaredFiles(programFolder, graph);
  const migrations = migrationDigests(programFolder, graph);
  const nouns = await nounsForPods(settings);
  return { settings, graph, lowered: lowerPods({ graph, settings, version, migrations }, nouns) };
}

/**
 * How a stack's cluster is reached, as far as its file says so in plain text; what else there is, such as a kubeconfig that is
 * kept as a secret, only Pulumi knows.
 */
export function clusterAccess(stack: string): ClusterAccess {
  const file = path.join(programFolder, `Pulumi.${stack}.yaml`);
  const config = existsSync(file) ? configOf(file) : {};
  const plain = (key: string): string | undefined => {
    const value = config[`kubernetes:${key}`];
    return value === undefined || isKeptSecret(value) ? undefined : value;
  };
  const [context, kubeconfig] = [plain('context'), plain('kubeconfig')];
  return {
    ...(context === undefined ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
}

async function settingsOf(
  stack: string,
  given: Settings,
): Promise<KubernetesSettings | AwsSettings> {
  const file = path.join(programFolder, `Pulumi.${stack}.yaml`);
  const raw = { ...(existsSync(file) ? configOf(file) : {}), ...given };
  const settings = await asGiven(given, async () => {
    refuseUnknownProviderSettings(stack, Object.keys(raw));
    refuseKeptSecrets(stack, raw);
    return await stackSettings(stack, readByProgram(raw, PROJECT));
  });
  if (settings.landing !== 'local') return settings;
  throw new CodedError(
    'STACK_WITHOUT_CHARTS',
    `Stack '${stack}': must run in a Kubernetes cluster for this command, got the landing '${settings.landing}'; choose another one with --stack`,
  );
}

function refuseKeptSecrets(stack: string, raw: Settings): void {
  const own = withoutPrefix(raw);
  refuseSecretSettings(
    stack,
    Object.keys(own).filter((key) => isKeptSecret(own[key] ?? '')),
  );
}
