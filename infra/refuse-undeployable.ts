import { homedir } from 'node:os';
import { runtime } from '@pulumi/pulumi';
import type { AwsSettings } from '@meridian/components/aws/aws-settings.ts';
import type { KubernetesSettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import type { NounsForPods } from '@meridian/components/kubernetes/kubernetes-nouns.ts';
import type { KubernetesContext } from '@meridian/components/kubernetes/lowering.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { keptChartProblems } from '../stacks/kept-charts.ts';
import { recordedPins } from '../stacks/pins.ts';
import { kubeconfigProblems } from './kubeconfig.ts';

/**
 * Refuses a deployment to a cluster that would fail half-way. A preview or a rehearsal may show what
 * cannot be deployed yet, but no chart that is not what was looked up.
 *
 * @param root folder of the program
 * @throws {CodedError} DEPLOYMENT_REFUSED with every problem, before anything is created
 */
export async function refuseUndeployable(
  context: KubernetesContext & { readonly settings: KubernetesSettings | AwsSettings },
  nouns: NounsForPods,
  root: string,
): Promise<void> {
  refuse(keptChartProblems(root, recordedPins()));
  if (runtime.isDryRun() || process.env['MERIDIAN_REHEARSAL'] !== undefined) return;
  const { lowerPods } = await import('@meridian/components/kubernetes/lower-kubernetes.ts');
  const { unresolvedProblems } = await import('@meridian/components/kubernetes/unresolved.ts');
  const { unplacedProblems } = await import('@meridian/components/external/kubernetes/places.ts');
  const { objectStoreProblems } =
    await import('@meridian/components/observability/kubernetes/object-store.ts');
  const { restoreTimeProblems } =
    await import('@meridian/components/postgres/kubernetes/restore-time.ts');
  refuse([
    ...(await problemsOfPlace(context.settings)),
    ...unplacedProblems(context),
    ...restoreTimeProblems(context.settings, Date.now()),
    ...objectStoreProblems(context),
    ...unresolvedProblems(lowerPods(context, nouns), context.settings.pins),
  ]);
}

/** What is wrong with where it would be deployed to: a cluster that is there, or an account. */
async function problemsOfPlace(
  settings: KubernetesSettings | AwsSettings,
): Promise<readonly string[]> {
  if (settings.landing === 'aws') {
    const { awsProblems } = await import('@meridian/components/aws/undeployable.ts');
    const { EXAMPLE_ACCOUNT } = await import('../stacks/prod.ts');
    const { EXAMPLE_ZONE_ID } = await import('../stacks/edge-settings.ts');
    const { DEFAULT_HOST } = await import('../stacks/pods-settings.ts');
    const examples = { account: EXAMPLE_ACCOUNT, zoneId: EXAMPLE_ZONE_ID, host: DEFAULT_HOST };
    return awsProblems(settings, examples, { environment: process.env, now: Date.now() });
  }
  const config = runtime.allConfig();
  return kubeconfigProblems({
    given: config['kubernetes:kubeconfig'],
    context: config['kubernetes:context'],
    environment: process.env,
    home: homedir(),
  });
}

function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new CodedError('DEPLOYMENT_REFUSED', problems.join('\n'), { problems });
}
