import type { ClusterNeeds } from '../resources/cluster-check.ts';
import { readList } from './read-list.ts';
import type { Asked, Named } from './read-list.ts';

/** The label by which nodes say their zone. */
const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** A node, as far as it says whether it takes pods. */
export interface CheckedNode extends Named {
  readonly spec: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly effect: string }[];
  };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Whether every zone has a node that takes pods. */
export async function zoneProblems(
  api: Asked,
  needs: Pick<ClusterNeeds, 'zones' | 'file'>,
): Promise<readonly string[]> {
  return problemsOfNodes(await readList<CheckedNode>(api, 'Nodes', '/api/v1/nodes'), needs);
}

/** The same of these nodes. */
export function problemsOfNodes(
  nodes: readonly CheckedNode[],
  { zones, file }: Pick<ClusterNeeds, 'zones' | 'file'>,
): readonly string[] {
  const taking = new Set(nodes.filter(takesPods).flatMap(zoneOf));
  const known = [...new Set(nodes.flatMap(zoneOf))].toSorted();
  const got =
    known.length === 0
      ? `${nodes.length} nodes without the label ${ZONE_LABEL}`
      : `nodes in ${known.map((zone) => `'${zone}'`).join(', ')}`;
  return zones
    .filter(({ topologyZone }) => !taking.has(topologyZone))
    .map(({ name, topologyZone }) =>
      known.includes(topologyZone)
        ? `Zone '${name}': a node of '${topologyZone}' must be ready and take pods, got none that does; see 'kubectl get nodes'`
        : `Zone '${name}': there must be a node of '${topologyZone}', got ${got}; set meridian:topologyZones in ${file}, or add nodes`,
    );
}

function zoneOf({ metadata }: CheckedNode): readonly string[] {
  const zone = metadata.labels?.[ZONE_LABEL];
  return zone === undefined ? [] : [zone];
}

function takesPods({ spec, status }: CheckedNode): boolean {
  const isReady = status?.conditions?.some(
    ({ type, status: holds }) => type === 'Ready' && holds === 'True',
  );
  const isTainted = spec.taints?.some(({ effect }) => effect !== 'PreferNoSchedule');
  return isReady === true && spec.unschedulable !== true && isTainted !== true;
}
