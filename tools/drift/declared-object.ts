import type { ApiKinds, ObjectReference } from '../../providers/cluster/api/api-kinds.ts';

/** Any object of a cluster, as JSON. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** An object that has to be in a cluster, and who says so. */
export interface DeclaredObject {
  readonly object: ClusterObject;
  /** A noun or 'chart keda'. */
  readonly declaredBy: string;
  /** Hooks of charts come and go. @default it has to be there */
  readonly mayBeAbsent?: true;
  /** Where it lies if its kind does in a namespace and it names none. @default it names its own */
  readonly defaultNamespace?: string;
}

/** An object with the namespace that it lies in. Throws CodedError CLUSTER_NOT_REACHED. */
export async function placed(
  kinds: Pick<ApiKinds, 'isNamespaced'>,
  declared: DeclaredObject,
): Promise<DeclaredObject> {
  const { object, defaultNamespace: namespace } = declared;
  if (namespace === undefined || object.metadata.namespace !== undefined) return declared;
  if (!(await kinds.isNamespaced(object))) return declared;
  return { ...declared, object: { ...object, metadata: { ...object.metadata, namespace } } };
}

/** What tells an object from every other. */
export function referenceOf({ apiVersion, kind, metadata }: ClusterObject): ObjectReference {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** The same as text, such as 'NetworkPolicy meridian/catalog'; an object is one whatever the version of its group. */
export function objectName({ kind, namespace, name }: ObjectReference): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** By which objects of all groups are told apart. */
export function objectKey(reference: ObjectReference): string {
  const group = reference.apiVersion.includes('/') ? reference.apiVersion.split('/')[0] : '';
  return `${group ?? ''}/${objectName(reference)}`;
}
