import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import { dnsRule, networkPolicy } from '../kubernetes/network-policy.ts';

/**
 * What holds for every pod of a namespace: it may ask DNS, and reaches nothing else, nor does anything
 * reach it, but by another policy.
 */
export function defaultDeny({ settings }: KubernetesContext, namespace: string): Manifest {
  return networkPolicy({
    name: 'default-deny',
    namespace,
    pods: {},
    ingress: [],
    egress: [dnsRule(settings)],
  });
}
