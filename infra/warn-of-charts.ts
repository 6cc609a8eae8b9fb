import { log } from '@pulumi/pulumi';
import { installedHere, operators } from '@meridian/components/cluster/operators.ts';
import { chartValueWarnings } from '@meridian/components/kubernetes/chart-values/chart-value-problems.ts';
import { enginesOf } from '@meridian/components/kubernetes/kubernetes-nouns.ts';
import type { NounsForPods } from '@meridian/components/kubernetes/kubernetes-nouns.ts';
import type { KubernetesContext } from '@meridian/components/kubernetes/lowering.ts';

/** Says in previews and deployments which values a chart of an operator may not read. */
export async function warnOfCharts(context: KubernetesContext, nouns: NounsForPods): Promise<void> {
  const engines = enginesOf(nouns);
  for (const { chart } of installedHere(context, operators({ ...context, engines }))) {
    for (const warning of chartValueWarnings(chart)) await log.warn(warning);
  }
}
