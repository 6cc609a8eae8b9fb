import type { ApiKinds, ObjectReference } from '../../providers/cluster/api/api-kinds.ts';
import { statusMessage } from '../../providers/cluster/api/cluster-api.ts';
import type { ClusterApi } from '../../providers/cluster/api/cluster-api.ts';
import { objectKey, referenceOf } from './declared-object.ts';
import type { ClusterObject, DeclaredObject } from './declared-object.ts';
import { brokerZonesBinding, EXPECTED_OBJECTS } from './expected-writers.ts';
import { writerOf } from './field-owners.ts';
import type { ManagedFields, Writer } from './field-owners.ts';
import { kindKey } from './object-drift.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';

/** Kinds that are compared as a whole and lie in namespaces. */
const IN_NAMESPACES = [
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  { apiVersion: RBAC, kind: 'Role' },
  { apiVersion: RBAC, kind: 'RoleBinding' },
] as const;

/** An object of those kinds that nobody has declared. */
export interface Undeclared {
  readonly object: ObjectReference;
  /** Absent where the deployment, or nobody, made it. */
  readonly by?: Writer;
}

/** What was looked for, and where nobody may look. */
export interface UndeclaredObjects {
  readonly undeclared: readonly Undeclared[];
  /** What the API server says of lists that it does not give. */
  readonly unlisted: readonly string[];
}

/** What is declared, and the namespaces that are ours. */
export interface Ours {
  readonly declared: readonly DeclaredObject[];
  readonly namespaces: readonly string[];
}

interface ObjectList {
  readonly items: readonly Omit<ClusterObject, 'apiVersion' | 'kind'>[];
}

interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly controller?: boolean;
}

/**
 * Policies, roles and bindings of our namespaces that are not declared, and bindings of the whole cluster that give rights
 * to accounts of our namespaces. Throws CodedError CLUSTER_NOT_REACHED.
 */
export async function undeclaredObjects(
  api: ClusterApi,
  kinds: ApiKinds,
  ours: Ours,
): Promise<UndeclaredObjects> {
  const lists = await Promise.all([
    ...ours.namespaces.flatMap((namespace) =>
      IN_NAMESPACES.map((kind) => list(api, kinds, { ...kind, namespace })),
    ),
    list(api, kinds, { apiVersion: RBAC, kind: 'ClusterRoleBinding' }),
  ]);
  return {
    unlisted: lists.flatMap((found) => (typeof found === 'string' ? found : [])),
    undeclared: undeclaredAmong(
      lists.flatMap((found) => (typeof found === 'string' ? [] : found)),
      ours,
    ),
  };
}

/** Those of the objects that were found which are ours to declare, and which neither we nor an operator of ours made. */
export function undeclaredAmong(
  found: readonly ClusterObject[],
  { declared, namespaces }: Ours,
): readonly Undeclared[] {
  const known = new Set(declared.map(({ object }) => objectKey(referenceOf(object))));
  const zones = declared
    .filter(({ object }) => kindKey(object) === 'kafka.strimzi.io/Kafka')
    .map(({ object }) => brokerZonesBinding(referenceOf(object)));
  return found
    .filter((object) => !known.has(objectKey(referenceOf(object))))
    .filter((object) => object.metadata.namespace !== undefined || givesRights(object, namespaces))
    .filter((object) => !isExpected(object, known) && !zones.includes(object.metadata.name))
    .map((object) => {
      const entries = (object.metadata['managedFields'] ?? []) as readonly ManagedFields[];
      const by = writerOf(entries, []);
      return { object: referenceOf(object), ...(by === undefined ? {} : { by }) };
    });
}

async function list(
  api: ClusterApi,
  kinds: ApiKinds,
  kind: Omit<ObjectReference, 'name'>,
): Promise<readonly ClusterObject[] | string> {
  const path = await kinds.collectionOf(kind);
  if (path === undefined) return [];
  const { status, body } = await api.ask({ path });
  if (status !== 200) return statusMessage(body);
  const { apiVersion, kind: name } = kind;
  return (body as ObjectList).items.map(
    (item) => ({ ...item, apiVersion, kind: name }) as ClusterObject,
  );
}

/** Whether a binding of the whole cluster is for an account, or all accounts, of one of these namespaces. */
function givesRights(binding: ClusterObject, namespaces: readonly string[]): boolean {
  const subjects = (binding['subjects'] ?? []) as readonly {
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  }[];
  return subjects.some(({ kind, name, namespace = '' }) =>
    kind === 'ServiceAccount'
      ? namespaces.includes(namespace)
      : namespaces.some(
          (ours) =>
            name === `system:serviceaccounts:${ours}` ||
            name.startsWith(`system:serviceaccount:${ours}:`),
        ),
  );
}

/** Whether an operator made it for something that is declared. */
function isExpected({ kind, metadata }: ClusterObject, known: ReadonlySet<string>): boolean {
  const owners = (metadata['ownerReferences'] ?? []) as readonly OwnerReference[];
  return owners.some(({ apiVersion, kind: ownerKind, name }) => {
    const [group] = apiVersion.split('/');
    const { namespace = '' } = metadata;
    return (
      known.has(objectKey({ apiVersion, kind: ownerKind, name, namespace })) &&
      EXPECTED_OBJECTS.some(
        ({ kinds, owner }) =>
          kinds.includes(kind) && owner.group === group && owner.kinds.includes(ownerKind),
      )
    );
  });
}
