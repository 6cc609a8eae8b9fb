import { log } from '@pulumi/pulumi';
import { enginesOf } from '@meridian/components/kubernetes/kubernetes-nouns.ts';
import type { NounsForPods } from '@meridian/components/kubernetes/kubernetes-nouns.ts';
import type { KubernetesContext } from '@meridian/components/kubernetes/lowering.ts';

/** Says in previews and deployments to a cluster which data nothing could bring back. */
export async function warnOfData(context: KubernetesContext, nouns: NounsForPods): Promise<void> {
  for (const { dataAtRisk } of enginesOf(nouns)) {
    for (const warning of dataAtRisk?.(context) ?? []) await log.warn(warning);
  }
}
