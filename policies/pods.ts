import { fieldsOf, objectsIn, valueAt } from './fields.ts';
import type { ClusterObject, Fields } from './rule.ts';

/** Pods that an object has made, as it writes them. */
export interface PodTemplate {
  readonly labels: Fields;
  readonly spec: Fields;
  /** Whether they are to be there as long as the object is. */
  readonly isLasting: boolean;
}

/** Where an object writes its pods. */
const TEMPLATES: Readonly<Record<string, string>> = {
  'apps/v1 DaemonSet': 'spec.template',
  'apps/v1 Deployment': 'spec.template',
  'apps/v1 StatefulSet': 'spec.template',
  'argoproj.io/v1alpha1 Rollout': 'spec.template',
  'batch/v1 CronJob': 'spec.jobTemplate.spec.template',
  'batch/v1 Job': 'spec.template',
};

/** The pods that an object writes itself; what operators make of theirs has rules of its own. */
export function podTemplate({ apiVersion, kind, fields }: ClusterObject): PodTemplate | undefined {
  const place = TEMPLATES[`${apiVersion} ${kind}`];
  if (place === undefined) return undefined;
  const template = fieldsOf(valueAt(fields, place));
  return {
    labels: fieldsOf(valueAt(template, 'metadata.labels')),
    spec: fieldsOf(template['spec']),
    isLasting: !place.includes('jobTemplate') && kind !== 'Job',
  };
}

/** Every container of a pod, those before its start as well. */
export function containersOf({ spec }: PodTemplate): readonly Fields[] {
  return [...objectsIn(spec['initContainers']), ...objectsIn(spec['containers'])];
}
