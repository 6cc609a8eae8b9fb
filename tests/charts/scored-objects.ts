import type { ClusterObject } from './rendered-chart.ts';

interface Rollout extends ClusterObject {
  readonly spec: Readonly<Record<'selector' | 'template', unknown>>;
}

interface ScaledObject extends ClusterObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly name: string };
    readonly minReplicaCount: number;
    readonly maxReplicaCount: number;
  };
}

/**
 * An object as kube-score knows it. It looks at pods through a Deployment and not through a Rollout,
 * and at replicas through the autoscaler that KEDA makes of a ScaledObject.
 */
export function scoredObject(object: ClusterObject): ClusterObject {
  const { kind, metadata } = object;
  if (kind === 'Rollout') {
    const { selector, template } = (object as Rollout).spec;
    const spec = { selector, template };
    return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, ...{ spec } };
  }
  if (kind === 'ScaledObject') {
    const { scaleTargetRef, minReplicaCount, maxReplicaCount } = (object as ScaledObject).spec;
    const spec = {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: scaleTargetRef.name },
      minReplicas: minReplicaCount,
      maxReplicas: maxReplicaCount,
    };
    return {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { ...metadata, name: `keda-hpa-${metadata.name}` },
      ...{ spec },
    };
  }
  return object;
}
