import { ApiObject } from 'cdk8s';
import type { ApiObjectMetadata } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** Kind and version of Argo Rollouts' replacement for a Deployment. */
export const ROLLOUT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' } as const;

/** A Rollout's spec, as far as the platform uses it. Source: Argo Rollouts 1.10, rollout spec. */
export interface RolloutSpec {
  readonly revisionHistoryLimit: number;
  readonly minReadySeconds: number;
  readonly progressDeadlineSeconds: number;
  readonly selector: k8s.LabelSelector;
  readonly template: k8s.PodTemplateSpec;
  readonly strategy: { readonly blueGreen: BlueGreenStrategy };
}

/** Two releases side by side, of which one gets the traffic. */
export interface BlueGreenStrategy {
  readonly activeService: string;
  readonly previewService: string;
  readonly autoPromotionEnabled: boolean;
  /** Labels of pods while their release gets the traffic; on running pods too. */
  readonly activeMetadata: EphemeralMetadata;
  /** The same while it waits for its promotion. */
  readonly previewMetadata: EphemeralMetadata;
  /** Pods of a release that is asked questions; it grows to full size when they are answered. */
  readonly previewReplicaCount?: number;
  /** What must be true of a release before it gets the traffic. */
  readonly prePromotionAnalysis?: RolloutAnalysis;
  /** What must stay true of it then; else the release before gets the traffic back. */
  readonly postPromotionAnalysis?: RolloutAnalysis;
  /** How long the pods of a release that was given up stay. */
  readonly abortScaleDownDelaySeconds: number;
  /** How long the release before stays after a promotion. */
  readonly scaleDownDelaySeconds: number;
}

/** What pods carry for a time. */
export interface EphemeralMetadata {
  readonly labels: Readonly<Record<string, string>>;
}

/** Questions to a release, and what they are about. */
export interface RolloutAnalysis {
  readonly templates: readonly { readonly templateName: string }[];
  readonly args: readonly {
    readonly name: string;
    /** Of the release that is about to be promoted. */
    readonly valueFrom: { readonly podTemplateHashValue: 'Latest' };
  }[];
}

/** A Rollout of Argo Rollouts; how many replicas it has is its ScaledObject's business. */
export class Rollout extends ApiObject {
  constructor(
    scope: Construct,
    id: string,
    { metadata, spec }: { readonly metadata: ApiObjectMetadata; readonly spec: RolloutSpec },
  ) {
    const template = k8s.toJson_PodTemplateSpec(spec.template);
    super(scope, id, { ...ROLLOUT, metadata, spec: { ...spec, template } });
  }
}
