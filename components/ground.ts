import type { Cluster } from './cluster/cluster.ts';
import type { Network } from './network/network.ts';
import type { Zones } from './zones/zones.ts';

/** What an engine stands on, wherever it runs. */
export interface Ground {
  readonly network: Network;
  readonly cluster: Cluster;
  readonly zones: Zones;
}
