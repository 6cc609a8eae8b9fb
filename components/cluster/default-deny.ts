import type { INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { Manifest } from '../kubernetes/manifest.ts';

/** Labels of the cluster's DNS, whichever program it is. */
const DNS_LABELS = { 'k8s-app': 'kube-dns' } as const;

/**
 * What holds for every pod of a namespace: it reaches nothing and nothing reaches it but what another
 * policy allows. All may ask DNS.
 */
export function defaultDeny({ graph, settings }: KubernetesContext, namespace: string): Manifest[] {
  const labels = { 'app.kubernetes.io/part-of': graph.name };
  const deny = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'default-deny', namespace, labels },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  } satisfies INetworkPolicy;
  const dns = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'allow-dns', namespace, labels },
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        {
          to: [
            {
              namespaceSelector: {
                matchLabels: { 'kubernetes.io/metadata.name': settings.namespaces.dns },
              },
              podSelector: { matchLabels: DNS_LABELS },
            },
          ],
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
      ],
    },
  } satisfies INetworkPolicy;
  return [deny, dns];
}
