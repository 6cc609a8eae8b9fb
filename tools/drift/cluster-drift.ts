import type { PodsStack } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { chartsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { ApiKinds } from '../../providers/cluster/api/api-kinds.ts';
import type { ObjectReference } from '../../providers/cluster/api/api-kinds.ts';
import type { ClusterApi } from '../../providers/cluster/api/cluster-api.ts';
import { placed, referenceOf } from './declared-object.ts';
import type { DeclaredObject } from './declared-object.ts';
import { objectDrift } from './object-drift.ts';
import type { ObjectDrift } from './object-drift.ts';
import { installedChart } from './release-record.ts';
import type { InstalledChart } from './release-record.ts';
import { namespacesOf, stackObjects } from './stack-objects.ts';
import { undeclaredObjects } from './undeclared.ts';
import type { UndeclaredObjects } from './undeclared.ts';

/** An object that is not as declared. */
export type DriftedObject = {
  readonly object: ObjectReference;
  readonly declaredBy: string;
} & Exclude<ObjectDrift, { readonly drift: 'none' }>;

/** How a cluster differs from a stack, objects and charts that do not apart. */
export interface ClusterDrift extends UndeclaredObjects {
  /** How many objects were held against what is declared. */
  readonly compared: number;
  readonly objects: readonly DriftedObject[];
  readonly charts: readonly ({ readonly chart: string } & Omit<
    Exclude<InstalledChart, { readonly drift: 'none' }>,
    'objects'
  >)[];
}

/** Holds every object of a stack against a cluster. Reads only. Throws CodedError CLUSTER_NOT_REACHED. */
export async function clusterDrift(api: ClusterApi, stack: PodsStack): Promise<ClusterDrift> {
  const kinds = new ApiKinds(api);
  const own = stackObjects(stack);
  const charts = await Promise.all(
    chartsOf(stack).map(async (chart) => ({
      chart: chart.name,
      ...(await installedChart(api, chart)),
    })),
  );
  const ofCharts = charts.flatMap(({ objects }) => objects);
  const declared = [...own, ...(await Promise.all(ofCharts.map((one) => placed(kinds, one))))];
  const [judged, others] = await Promise.all([
    Promise.all(declared.map((one) => judge(api, kinds, one))),
    undeclaredObjects(api, kinds, { declared, namespaces: namespacesOf(own) }),
  ]);
  return {
    compared: declared.length,
    objects: judged.flat(),
    charts: charts.flatMap((chart) => {
      if (chart.drift === 'none') return [];
      return [{ chart: chart.chart, drift: chart.drift, detail: chart.detail }];
    }),
    ...others,
  };
}

async function judge(
  api: ClusterApi,
  kinds: ApiKinds,
  declared: DeclaredObject,
): Promise<readonly DriftedObject[]> {
  const drift = await objectDrift(api, kinds, declared);
  if (drift.drift === 'none') return [];
  return [{ object: referenceOf(declared.object), declaredBy: declared.declaredBy, ...drift }];
}
