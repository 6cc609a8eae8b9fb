import { log } from '@pulumi/pulumi';
import type { KubernetesContext } from '@meridian/components/kubernetes/lowering.ts';

/** Says in previews and deployments which values a chart of an operator may not read. */
export async function warnOfCharts(context: KubernetesContext): Promise<void> {
  const { installedHere, operators } = await import('@meridian/components/cluster/operators.ts');
  const { KUBERNETES_ENGINES: engines } =
    await import('@meridian/components/kubernetes/kubernetes-nouns.ts');
  const { chartValueWarnings } =
    await import('@meridian/components/kubernetes/chart-values/chart-value-problems.ts');
  for (const { chart } of installedHere(context, operators({ ...context, engines }))) {
    for (const warning of chartValueWarnings(chart)) await log.warn(warning);
  }
}
