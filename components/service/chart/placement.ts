import type * as k8s from '../../kubernetes/k8s.ts';
import type { Labels } from '../../kubernetes/labels.ts';
import type { ChartedService } from '../kubernetes/lower-services.ts';

const ZONE_LABEL = 'topology.kubernetes.io/zone';
const NODE_LABEL = 'kubernetes.io/hostname';

/** The label by which Argo Rollouts tells the pods of a release from those of another. */
const RELEASE_LABEL = 'rollouts-pod-template-hash';

/** Where pods may and should run. */
export type Placement = Pick<k8s.PodSpec, 'affinity' | 'topologySpreadConstraints'>;

/**
 * Only the zones of the stack, spread evenly. Being apart is preferred and never required beyond
 * that: a required anti-affinity would cap a service at one pod a zone.
 */
export function placement({ labels, topologyZones }: ChartedService): Placement {
  return {
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [{ key: ZONE_LABEL, operator: 'In', values: [...topologyZones] }],
            },
          ],
        },
      },
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          apart(ZONE_LABEL, 100, labels),
          apart(NODE_LABEL, 50, labels),
        ],
      },
    },
    topologySpreadConstraints: [
      {
        topologyKey: ZONE_LABEL,
        maxSkew: 1,
        whenUnsatisfiable: 'DoNotSchedule',
        // Otherwise the tainted nodes of a dead zone would block pods of the others.
        nodeTaintsPolicy: 'Honor',
        labelSelector: { matchLabels: { ...labels } },
        // Each release is spread by itself, or a rollout would skew both.
        matchLabelKeys: [RELEASE_LABEL],
      },
    ],
  };
}

function apart(topologyKey: string, weight: number, labels: Labels): k8s.WeightedPodAffinityTerm {
  return {
    weight,
    podAffinityTerm: { topologyKey, labelSelector: { matchLabels: { ...labels } } },
  };
}
