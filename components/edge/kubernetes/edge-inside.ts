import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import type { PolicyRule } from '../../kubernetes/network-policy.ts';
import { HTTPS_LISTENER_PORT } from './listener-ports.ts';
import { proxyLabels } from './envoy-gateway.ts';

/** The edge as pods of the cluster reach it, who need not know where its host name leads outside. */
export interface EdgeInside {
  readonly host: string;
  readonly port: number;
  readonly service: Manifest;
  /** What leads there. */
  readonly egress: PolicyRule;
}

const PORT = 443;

/** A Service of its own: that of Envoy Gateway has a name of its choosing, and an address outside. */
export function edgeInside({ graph, settings }: KubernetesContext): EdgeInside {
  const namespace = settings.namespaces.edge;
  const name = `${graph.name}-edge-inside`;
  const proxies = proxyLabels({ edge: graph.name, namespace });
  return {
    host: `${name}.${namespace}.svc.${settings.clusterDomain}`,
    port: PORT,
    service: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name,
        namespace,
        // The proxies come later.
        annotations: { 'pulumi.com/skipAwait': 'true' },
      },
      spec: {
        type: 'ClusterIP',
        selector: { ...proxies },
        ports: [{ name: 'https', port: PORT, targetPort: HTTPS_LISTENER_PORT, protocol: 'TCP' }],
      },
    } satisfies k8s.Service,
    egress: {
      peers: [{ namespace, pods: proxies }],
      ports: [HTTPS_LISTENER_PORT],
    },
  };
}
