import type { KubernetesZone } from './kubernetes-settings.ts';

/** The label by which nodes say their zone. */
export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** Only nodes of one zone: what is stored in a zone stays in it. */
export function placedInZone({ topologyZone }: KubernetesZone) {
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: ZONE_LABEL, operator: 'In' as const, values: [topologyZone] },
            ],
          },
        ],
      },
    },
  };
}
