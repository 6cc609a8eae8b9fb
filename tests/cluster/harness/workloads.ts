import type { ApiObject } from './kubernetes-client.ts';
import { ZONE_LABEL, type Node } from './nodes.ts';
import { NAMESPACE } from './staging.ts';
import type { TestCluster } from './test-cluster.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
}

interface Container {
  readonly name: string;
  readonly image: string;
}

/** A pod, as far as tests look at it. */
export interface Pod extends ApiObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly Container[];
  };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly Condition[] };
}

/** A Rollout of Argo Rollouts, as far as tests look at it. */
export interface Rollout extends ApiObject {
  readonly spec: {
    readonly replicas?: number;
    readonly strategy: {
      readonly blueGreen: Readonly<
        Record<
          'activeMetadata' | 'previewMetadata',
          { readonly labels: Readonly<Record<string, string>> }
        >
      >;
    };
    readonly template: { readonly spec: { readonly containers: readonly Container[] } };
  };
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly abort?: boolean;
    readonly observedGeneration?: string;
    readonly stableRS?: string;
    readonly currentPodHash?: string;
    readonly blueGreen?: {
      /** The release that the Service leads to. */
      readonly activeSelector?: string;
      readonly prePromotionAnalysisRunStatus?: { readonly status: string };
      readonly postPromotionAnalysisRunStatus?: { readonly status: string };
    };
  };
}

export const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
export const ROLLOUTS = `/apis/argoproj.io/v1alpha1/namespaces/${NAMESPACE}/rollouts`;

/** The service that a pod belongs to. */
export function serviceOf({ metadata }: Pod): string {
  return metadata.labels?.['app.kubernetes.io/name'] ?? '';
}

/** Whether a pod serves and is not about to go. */
export function isServing({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    (status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false)
  );
}

/** The pods of each service. */
export async function podsByService(
  cluster: TestCluster,
): Promise<ReadonlyMap<string, readonly Pod[]>> {
  return Map.groupBy(await cluster.api.list<Pod>(PODS), serviceOf);
}

/** The zone of each node. */
export async function zonesOfNodes(cluster: TestCluster): Promise<ReadonlyMap<string, string>> {
  const nodes = await cluster.api.list<Node>('/api/v1/nodes');
  return new Map(nodes.map(({ metadata }) => [metadata.name, metadata.labels?.[ZONE_LABEL] ?? '']));
}

/** The zones that pods run in, sorted. */
export function zonesOf(
  pods: readonly Pod[],
  zones: ReadonlyMap<string, string>,
): readonly string[] {
  return [...new Set(pods.map(({ spec }) => zones.get(spec.nodeName ?? '') ?? ''))].toSorted();
}
