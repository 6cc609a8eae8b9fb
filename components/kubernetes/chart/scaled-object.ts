import { ApiObject } from 'cdk8s';
import type { ApiObjectMetadata } from 'cdk8s';
import type { Construct } from 'constructs';

/** A ScaledObject's spec, as far as the platform uses it. Source: KEDA 2, ScaledObject spec. */
export interface ScaledObjectSpec {
  readonly scaleTargetRef: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
  };
  readonly minReplicaCount: number;
  readonly maxReplicaCount: number;
  readonly triggers: readonly ScaleTrigger[];
}

/** What makes a service grow. All metadata are texts in KEDA. */
export type ScaleTrigger =
  | {
      readonly type: 'cpu';
      readonly metricType: 'Utilization';
      /** Percent of the requested CPU. */
      readonly metadata: { readonly value: string };
    }
  | {
      readonly type: 'prometheus';
      readonly metricType: 'AverageValue';
      /** A TriggerAuthentication of the namespace, with what KEDA shows Prometheus. */
      readonly authenticationRef: { readonly name: string };
      readonly metadata: {
        readonly serverAddress: string;
        readonly query: string;
        /** Of the query's result, for each replica. */
        readonly threshold: string;
        /** Whether no series counts as 0, which would let a service shrink while Prometheus is away. */
        readonly ignoreNullValues: 'false';
        readonly authModes: 'tls';
      };
    };

/** A ScaledObject of KEDA, which makes a HorizontalPodAutoscaler of it. */
export class ScaledObject extends ApiObject {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly metadata: ApiObjectMetadata; readonly spec: ScaledObjectSpec },
  ) {
    super(scope, id, { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', ...props });
  }
}
