import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { placedInZone } from '../../kubernetes/placed-in-zone.ts';
import { STRIMZI_API, STRIMZI_CLUSTER_LABEL } from './strimzi.ts';
import type { KafkaRole } from './strimzi.ts';
import { brokerPod } from './strimzi-cluster.ts';

/** Storage of a node, for records and metadata. */
const STORAGE = '50Gi';

/** Half of a node's memory is Java's, the other half caches files. */
const MEMORY = '2Gi';
const HEAP = '1g';

/**
 * The nodes: a pool for each zone and what its nodes do, bound to the zone, so that a node in each
 * zone is sure and not only likely. Nodes are dealt to the zones in turn, controllers first, so no
 * zone has most of the controllers.
 */
export function nodePools(context: KubernetesContext): readonly k8s.KafkaNodePool[] {
  const { graph, settings } = context;
  const { brokers, controllers } = settings.kafka;
  const { zones } = settings;
  return zones.flatMap((zone, position) => {
    const controlling = dealt(controllers, position, zones.length);
    const others = dealt(brokers, position, zones.length) - controlling;
    const pool = (suffix: string, replicas: number, roles: readonly KafkaRole[]) =>
      replicas === 0
        ? []
        : [
            {
              apiVersion: STRIMZI_API,
              kind: 'KafkaNodePool',
              metadata: {
                name: `${zone.name}${suffix}`,
                namespace: settings.namespaces.data,
                labels: { [STRIMZI_CLUSTER_LABEL]: graph.name },
              },
              spec: {
                replicas,
                roles,
                storage: {
                  type: 'jbod',
                  volumes: [
                    {
                      id: 0,
                      type: 'persistent-claim',
                      size: STORAGE,
                      deleteClaim: false,
                      kraftMetadata: 'shared',
                    },
                  ],
                },
                resources: {
                  requests: { cpu: '500m', memory: MEMORY },
                  limits: { cpu: '2', memory: MEMORY },
                },
                jvmOptions: { '-Xms': HEAP, '-Xmx': HEAP },
                template: { pod: { ...brokerPod(context), affinity: placedInZone(zone) } },
              },
            } satisfies k8s.KafkaNodePool,
          ];
    return [
      ...pool('', controlling, ['controller', 'broker']),
      ...pool('-brokers', others, ['broker']),
    ];
  });
}

/** How many of so many nodes are dealt to the zone at a position. */
function dealt(nodes: number, position: number, zones: number): number {
  return Math.floor(nodes / zones) + (position < nodes % zones ? 1 : 0);
}
