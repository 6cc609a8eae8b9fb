import type { NounLanding } from '../noun-landing.ts';
import { CLUSTER_IN_PLACE } from './cluster.ts';
import type { ClusterLanding } from './cluster.ts';

/** This machine is ready as it is: engines are installed before the program runs. */
export const localCluster: NounLanding<unknown, null, unknown, ClusterLanding> = {
  lower: () => null,
  land: () => () => CLUSTER_IN_PLACE,
};
