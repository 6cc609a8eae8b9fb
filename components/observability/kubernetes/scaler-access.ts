import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { telemetryName } from '../telemetry-names.ts';
import { SHORT_LIFETIME, telemetryCertificate } from './certificates.ts';

/** By which the ScaledObjects of services name what KEDA shows Prometheus. */
export const SCALER_AUTHENTICATION = 'prometheus';

const SECRET = 'scaler-telemetry-tls';

/** What KEDA shows Prometheus, and by which it knows it: it asks on behalf of the services' namespace. */
export function scalerAccess({ graph }: KubernetesContext): readonly Manifest[] {
  const { namespace } = graph;
  const fields = { ca: 'ca.crt', cert: 'tls.crt', key: 'tls.key' };
  return [
    telemetryCertificate(graph, {
      namespace,
      secret: SECRET,
      dnsNames: [telemetryName('scaler')],
      usages: ['digital signature', 'client auth'],
      lifetime: SHORT_LIFETIME,
    }),
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'TriggerAuthentication',
      metadata: {
        name: SCALER_AUTHENTICATION,
        namespace,
      },
      spec: {
        secretTargetRef: Object.entries(fields).map(([parameter, key]) => ({
          parameter,
          name: SECRET,
          key,
        })),
      },
    } satisfies k8s.TriggerAuthentication,
  ];
}
