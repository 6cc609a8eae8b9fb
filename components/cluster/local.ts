import type { ClusterLanding } from './cluster.ts';

/** This machine is ready as it is: engines are installed before the program runs. */
export function landCluster(): ClusterLanding {
  return () => undefined;
}
