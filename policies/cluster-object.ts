import { fieldsOf, textOf } from './fields.ts';
import type { ClusterObject, Fields } from './rule.ts';

/** A resource as Pulumi's engine tells of it: its type, what it is given, whether it is protected. */
export interface GivenResource {
  readonly type: string;
  readonly props: Fields;
  readonly isProtected: boolean;
}

/** Neither charts of others, nor what the SDK makes several objects of. */
const OF_CLUSTERS = /^kubernetes:(?!helm\.sh\/|kustomize|yaml)/;

/** The object of a cluster that a resource is; undefined where it is none. */
export function clusterObject({
  type,
  props,
  isProtected,
}: GivenResource): ClusterObject | undefined {
  return OF_CLUSTERS.test(type) ? objectOf(props, isProtected) : undefined;
}

/** An object by all that is given of it. */
export function objectOf(fields: Fields, isProtected: boolean): ClusterObject {
  const { name, namespace } = fieldsOf(fields['metadata']);
  const place = textOf(namespace) === '' ? '' : `${textOf(namespace)}/`;
  return {
    title: `${textOf(fields['kind'])} ${place}${textOf(name)}`,
    apiVersion: textOf(fields['apiVersion']),
    kind: textOf(fields['kind']),
    namespace: textOf(namespace),
    name: textOf(name),
    isProtected,
    fields,
  };
}
