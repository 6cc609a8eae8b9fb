import { gunzipSync } from 'node:zlib';
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type { ForeignChart } from '@meridian/components/kubernetes/manifest.ts';
import { statusMessage } from '../../providers/cluster/api/cluster-api.ts';
import type { ClusterApi } from '../../providers/cluster/api/cluster-api.ts';
import type { ClusterObject, DeclaredObject } from './declared-object.ts';

/** What Helm keeps of a release, in a Secret of its namespace. Source: Helm 3.22, pkg/release/release.go */
interface ReleaseRecord {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly chart: { readonly metadata: { readonly name: string; readonly version: string } };
  /** The values that were given. */
  readonly config?: Readonly<Record<string, unknown>> | null;
  /** All objects but those of hooks, as YAML. */
  readonly manifest: string;
  readonly hooks?: readonly { readonly manifest: string }[] | null;
}

/** How a chart of others is installed: its objects, or why nothing is known of them. */
export type InstalledChart =
  | { readonly drift: 'none'; readonly objects: readonly DeclaredObject[] }
  | {
      readonly drift: 'missing' | 'another version' | 'other values' | 'not readable';
      readonly detail: string;
      /** Those of what is installed. */
      readonly objects: readonly DeclaredObject[];
    };

interface SecretList {
  readonly items: readonly {
    readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
    readonly data?: Readonly<Record<string, string>>;
  }[];
}

/**
 * What Helm has installed of a chart, as it wrote it down itself: charts of others are templates, of which nobody but
 * Helm knows what they become. Throws CodedError CLUSTER_NOT_REACHED.
 */
export async function installedChart(
  api: ClusterApi,
  chart: ForeignChart,
): Promise<InstalledChart> {
  const query = new URLSearchParams({
    labelSelector: `owner=helm,name=${chart.name},status=deployed`,
  });
  const path = `/api/v1/namespaces/${chart.namespace}/secrets?${query.toString()}`;
  const { status, body } = await api.ask({ path });
  if (status !== 200) {
    return { drift: 'not readable', detail: statusMessage(body), objects: [] };
  }
  const newest = (body as SecretList).items
    .toSorted((one, other) => revisionOf(one.metadata) - revisionOf(other.metadata))
    .at(-1)?.data?.['release'];
  if (newest === undefined) {
    return { drift: 'missing', detail: `no release '${chart.name}' is deployed`, objects: [] };
  }
  return held(readRecord(newest), chart);
}

/** A record as the value of its Secret has it. Source: Helm 3.22, pkg/storage/driver/util.go, encodeRelease */
export function readRecord(value: string): ReleaseRecord {
  const stored = Buffer.from(Buffer.from(value, 'base64').toString('latin1'), 'base64');
  return JSON.parse(gunzipSync(stored).toString('utf8')) as ReleaseRecord;
}

/** A record held against the chart that is declared. */
export function held(record: ReleaseRecord, { version, values }: ForeignChart): InstalledChart {
  const objects = objectsIn(record);
  const installed = record.chart.metadata.version;
  if (bare(installed) !== bare(version)) {
    const detail = `${installed} is installed, this folder has ${version}`;
    return { drift: 'another version', detail, objects };
  }
  // Which are not shown: there may be passwords in them.
  if (!isDeepStrictEqual(record.config ?? {}, JSON.parse(JSON.stringify(values)))) {
    const detail = `release ${record.version} has other values than this folder`;
    return { drift: 'other values', detail, objects };
  }
  return { drift: 'none', objects };
}

/** Helm takes versions with and without the letter for the same. */
function bare(version: string): string {
  return version.replace(/^v/, '');
}

function objectsIn(record: ReleaseRecord): readonly DeclaredObject[] {
  // Source: Helm 3.22, pkg/kube/client.go, newBuilder: what names no namespace goes to that of the release.
  const of = { declaredBy: `chart ${record.name}`, defaultNamespace: record.namespace };
  const written = parsed(record.manifest).map((object) => ({
    object: asHelmApplies(object, record),
    ...of,
  }));
  const hooks = (record.hooks ?? []).flatMap(({ manifest }) => parsed(manifest));
  return [
    ...written,
    ...hooks.map((object) => ({
      object: asHelmApplies(object, record),
      ...of,
      mayBeAbsent: true as const,
    })),
  ];
}

function parsed(manifest: string): readonly ClusterObject[] {
  return parseAllDocuments(manifest)
    .map((document) => document.toJS() as ClusterObject | { items: ClusterObject[] } | null)
    .filter((object) => object !== null)
    .flatMap((object) => ('items' in object && !('metadata' in object) ? object.items : [object]))
    .filter((object): object is ClusterObject => 'kind' in object);
}

/** With what Helm says of itself in every object. Source: Helm 3.22, pkg/action/validate.go, setMetadataVisitor */
function asHelmApplies(
  object: ClusterObject,
  { name, namespace }: Pick<ReleaseRecord, 'name' | 'namespace'>,
): ClusterObject {
  const { labels, annotations } = object.metadata as {
    readonly labels?: object | null;
    readonly annotations?: object | null;
  };
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        ...annotations,
        'meta.helm.sh/release-name': name,
        'meta.helm.sh/release-namespace': namespace,
      },
    },
  };
}

function revisionOf({ labels }: SecretList['items'][number]['metadata']): number {
  return Number(labels?.['version'] ?? 0);
}
