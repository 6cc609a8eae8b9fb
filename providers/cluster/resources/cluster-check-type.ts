/** The name of this package as Pulumi knows it: `plugins.providers` in Pulumi.yaml, type tokens, executable. */
export const packageName = 'meridian-cluster';

/** The type token of a check. */
export const CLUSTER_CHECK = `${packageName}:index:ClusterCheck`;
