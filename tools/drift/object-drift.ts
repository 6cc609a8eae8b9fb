import type { ApiKinds } from '../../providers/cluster/api/api-kinds.ts';
import { statusMessage } from '../../providers/cluster/api/cluster-api.ts';
import type { ClusterApi } from '../../providers/cluster/api/cluster-api.ts';
import { referenceOf } from './declared-object.ts';
import type { ClusterObject, DeclaredObject } from './declared-object.ts';
import { differencesOf, pathText, valueAt } from './differences.ts';
import type { Difference } from './differences.ts';
import { expectedReason } from './expected-writers.ts';
import { applierOf, writerOf, writtenByHand } from './field-owners.ts';
import type { ManagedFields, Writer } from './field-owners.ts';

/** A field of an object that is not as declared. */
export interface FieldDrift {
  readonly field: string;
  /** JSON; absent where nothing is declared, and of a Secret. */
  readonly declared?: unknown;
  /** JSON; absent where there is nothing, and of a Secret. */
  readonly found?: unknown;
  /** Absent where nothing tells: who removes a field leaves no name. */
  readonly by?: Writer;
}

/** How an object of a cluster differs from what is declared. */
export type ObjectDrift =
  | { readonly drift: 'none' }
  | { readonly drift: 'missing'; readonly detail: string }
  | { readonly drift: 'changed'; readonly fields: readonly FieldDrift[] }
  /** The API server does not say what it would make of what is declared. */
  | { readonly drift: 'unknown'; readonly detail: string };

/**
 * Kinds of which all is compared, and not only what is declared: one rule more in a list is another policy. Of a
 * namespace these are its labels, which say what its pods may.
 */
export const COMPARED_AS_A_WHOLE: ReadonlySet<string> = new Set([
  'Namespace',
  'networking.k8s.io/NetworkPolicy',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
]);

/** What the API server keeps account with; nobody declares it. */
const BOOKKEEPING = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generation',
  'managedFields',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/**
 * Asks the API server what it would make of an object now, without making it so, and holds that against what is there.
 * It fills in defaults and admission's changes on both sides. Throws CodedError CLUSTER_NOT_REACHED.
 */
export async function objectDrift(
  api: ClusterApi,
  kinds: ApiKinds,
  { object, mayBeAbsent }: DeclaredObject,
): Promise<ObjectDrift> {
  const path = await kinds.pathOf(referenceOf(object));
  if (path === undefined) {
    return { drift: 'missing', detail: `the cluster does not know ${object.apiVersion}` };
  }
  const live = await api.ask({ path });
  if (live.status === 404) {
    return mayBeAbsent === true
      ? { drift: 'none' }
      : { drift: 'missing', detail: 'it is not there' };
  }
  if (live.status !== 200) return { drift: 'unknown', detail: statusMessage(live.body) };
  const found = live.body as ClusterObject;
  const wanted = await dryRun(api, path, object, found);
  if (wanted.status !== 200) return { drift: 'unknown', detail: statusMessage(wanted.body) };
  const fields = fieldDrifts(wanted.body as ClusterObject, found, object);
  return fields.length === 0 ? { drift: 'none' } : { drift: 'changed', fields };
}

/** The key of a kind in `COMPARED_AS_A_WHOLE`. */
export function kindKey({ apiVersion, kind }: Pick<ClusterObject, 'apiVersion' | 'kind'>): string {
  return [...apiVersion.split('/').slice(0, -1), kind].join('/');
}

async function dryRun(
  api: ClusterApi,
  path: string,
  object: ClusterObject,
  found: ClusterObject,
): Promise<{ readonly status: number; readonly body: unknown }> {
  if (COMPARED_AS_A_WHOLE.has(kindKey(object))) {
    // In place of all that is there: an update takes away what is not declared, also from lists.
    const { resourceVersion } = found.metadata;
    return await api.ask({
      method: 'PUT',
      path: `${path}?dryRun=All`,
      body: { ...object, metadata: { ...object.metadata, resourceVersion } },
    });
  }
  const query = new URLSearchParams({
    dryRun: 'All',
    force: 'true',
    fieldManager: applierOf(managedFieldsOf(found)),
  });
  return await api.ask({
    method: 'PATCH',
    path: `${path}?${query.toString()}`,
    body: object,
    contentType: 'application/apply-patch+yaml',
  });
}

/**
 * Where what is there is not what would be made of it, and what people have added to it, which no dry run takes away; but
 * for what others are meant to write.
 *
 * @param wanted what the API server would make of the object
 * @param declared what it is asked for
 */
export function fieldDrifts(
  wanted: ClusterObject,
  found: ClusterObject,
  declared: ClusterObject,
): readonly FieldDrift[] {
  const entries = managedFieldsOf(found);
  const differences = differencesOf(declarable(wanted), declarable(found));
  const changed = new Set(differences.map(({ path }) => pathText(path)));
  const added = addedByHand(found, declared).filter(({ path }) => !changed.has(pathText(path)));
  return [...differences, ...added]
    .map((difference) => ({ ...difference, by: writerOf(entries, difference.path) }))
    .filter(
      ({ path, by }) =>
        by === undefined || expectedReason(found.kind, path, by.manager) === undefined,
    )
    .map(({ by, ...difference }) => ({
      field: pathText(difference.path),
      ...valuesOf(found.kind, difference),
      ...(by === undefined ? {} : { by }),
    }));
}

/** What people have written and nobody declares, each at the topmost place that is not declared. */
function addedByHand(found: ClusterObject, declared: ClusterObject): readonly Difference[] {
  const inScope = declarable(found);
  const places = writtenByHand(managedFieldsOf(found)).flatMap((path) => {
    const length = path.findIndex((_step, index) => {
      return valueAt(declared, path.slice(0, index + 1)) === undefined;
    });
    return length < 0 ? [] : [path.slice(0, length + 1)];
  });
  const byText = new Map(places.map((path) => [pathText(path), path]));
  return [...byText.values()]
    .map((path) => ({ path, found: valueAt(inScope, path) }))
    .filter((difference) => difference.found !== undefined);
}

function valuesOf(
  kind: string,
  { declared, found }: Difference,
): Pick<FieldDrift, 'declared' | 'found'> {
  if (kind === 'Secret') return {};
  return {
    ...(declared === undefined ? {} : { declared }),
    ...(found === undefined ? {} : { found }),
  };
}

/** What of an object somebody can have declared; of a namespace its labels. */
function declarable(object: ClusterObject): object {
  const metadata = Object.fromEntries(
    Object.entries(object.metadata).filter(([field]) => !BOOKKEEPING.has(field)),
  );
  if (kindKey(object) === 'Namespace') return { metadata: { labels: metadata['labels'] } };
  const fields = Object.entries(object).filter(([field]) => field !== 'status');
  return { ...Object.fromEntries(fields), metadata };
}

function managedFieldsOf({ metadata }: ClusterObject): readonly ManagedFields[] {
  return (metadata['managedFields'] ?? []) as readonly ManagedFields[];
}
