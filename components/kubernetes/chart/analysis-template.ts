import type { IAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate';
import { ApiObject } from 'cdk8s';
import type { ApiObjectMetadata } from 'cdk8s';
import type { Construct } from 'constructs';

/** Questions that are asked of a release before its promotion. */
export type AnalysisTemplateSpec = NonNullable<IAnalysisTemplate['spec']>;

/** A metric of an AnalysisTemplate. */
export type AnalysisMetric = NonNullable<AnalysisTemplateSpec['metrics']>[number];

/** An AnalysisTemplate of Argo Rollouts. */
export class AnalysisTemplate extends ApiObject {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly metadata: ApiObjectMetadata; readonly spec: AnalysisTemplateSpec },
  ) {
    super(scope, id, { apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisTemplate', ...props });
  }
}
