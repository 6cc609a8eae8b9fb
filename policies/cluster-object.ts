import { fieldsOf, textOf } from './fields.ts';
import type { ClusterObject, Fields } from './rule.ts';

/** A resource as Pulumi's engine tells of it: its type, what it is given, whether it is protected. */
export interface GivenResource {
  readonly type: string;
  /** Logical, as the program gives it. */
  readonly name: string;
  readonly props: Fields;
  readonly isProtected: boolean;
}

/** Neither charts of others, nor what the SDK makes several objects of. */
const OF_CLUSTERS = /^kubernetes:(?!helm\.sh\/|kustomize|yaml)/;

/** Resources of clouds, whose fields are what their packages declare. */
const OF_CLOUDS = /^(?:aws|cloudflare):/;

/** The object of a cluster or of a cloud that a resource is; undefined where it is neither. */
export function clusterObject({
  type,
  name,
  props,
  isProtected,
}: GivenResource): ClusterObject | undefined {
  if (OF_CLOUDS.test(type)) return cloudObject(type, name, props, isProtected);
  return OF_CLUSTERS.test(type) ? objectOf(props, isProtected) : undefined;
}

/** A resource of a cloud as an object: its kind is its type, and it is told by its name in the program. */
export function cloudObject(
  type: string,
  name: string,
  fields: Fields,
  isProtected: boolean,
): ClusterObject {
  const [cloud = '', place = '', kind = ''] = type.split(':');
  const module = place.split('/')[0] ?? '';
  const title = [cloud, ...(module === 'index' ? [] : [module]), kind].join('.');
  return {
    title: `${title} ${name}`,
    apiVersion: cloud,
    kind: type,
    namespace: '',
    name,
    isProtected,
    fields,
  };
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
