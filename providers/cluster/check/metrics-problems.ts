import type { Asked } from './read-list.ts';

/** Whether the cluster measures what pods use: services grow by their CPU. */
export async function metricsProblems(api: Asked): Promise<readonly string[]> {
  const { status } = await api.ask({ path: '/apis/metrics.k8s.io/v1beta1' });
  if (status === 200) return [];
  return [
    `Metrics API: metrics.k8s.io/v1beta1 must be served, got ${status}; install metrics-server, or what your cloud has in its place`,
  ];
}
