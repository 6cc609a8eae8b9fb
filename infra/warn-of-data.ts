import { log } from '@pulumi/pulumi';
import type { KubernetesContext } from '@meridian/components/kubernetes/lowering.ts';

/** Says in previews and deployments to a cluster which data nothing could bring back. */
export async function warnOfData(context: KubernetesContext): Promise<void> {
  const { KUBERNETES_ENGINES } =
    await import('@meridian/components/kubernetes/kubernetes-nouns.ts');
  for (const { dataAtRisk } of KUBERNETES_ENGINES) {
    for (const warning of dataAtRisk?.(context) ?? []) await log.warn(warning);
  }
}
