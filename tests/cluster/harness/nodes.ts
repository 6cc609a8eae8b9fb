import { eventually } from '../../end-to-end/platform-under-test.ts';
import type { ApiObject } from './kubernetes-client.ts';
import { program } from './programs.ts';
import type { TestCluster } from './test-cluster.ts';

/** Values of topology.kubernetes.io/zone that the staging stack expects by default. */
export const ZONES = ['zone-a', 'zone-b', 'zone-c'] as const;

/** A zone is more than one machine. */
const NODES_PER_ZONE = 2;

export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** A node, as far as tests look at it. */
export interface Node extends ApiObject {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/**
 * Gives the cluster nodes in every zone. KWOK plays their kubelets: it tells the API server what they
 * would, and pods that the scheduler puts there count as running and ready, without a process.
 */
export async function addNodes(cluster: TestCluster): Promise<void> {
  await cluster.processes.start({
    name: 'kwok',
    command: [
      program('kwok', 'kwok'),
      `--kubeconfig=${cluster.kubeconfig}`,
      '--manage-all-nodes',
      '--node-lease-duration-seconds=40',
      // Of a network that is nobody's (RFC 5737); what reads pods wants some address of their node.
      '--node-ip=192.0.2.1',
    ],
  });
  for (const zone of ZONES) {
    for (let number = 1; number <= NODES_PER_ZONE; number += 1) {
      await cluster.api.create('/api/v1/nodes', node(`${zone}-${number}`, zone));
    }
  }
  await eventually(
    () => cluster.api.list<Node>('/api/v1/nodes'),
    (nodes) => nodes.every(isReady),
  );
}

function node(name: string, zone: string): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        [ZONE_LABEL]: zone,
        'topology.kubernetes.io/region': 'test',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
      },
    },
  };
}

function isReady({ status }: Node): boolean {
  return (
    status?.conditions?.some((condition) => {
      return condition.type === 'Ready' && condition.status === 'True';
    }) ?? false
  );
}
