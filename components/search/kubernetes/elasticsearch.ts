import { priorityClass } from '../../cluster/priority-classes.ts';
import type { PodsSettings, KubernetesZone } from '../../kubernetes/kubernetes-settings.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { awaited } from '../../kubernetes/manifest.ts';
import { placedInZone } from '../../kubernetes/placed-in-zone.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { RESTRICTED_POD } from '../../kubernetes/restricted.ts';
import { ECK_API, ELASTICSEARCH_VERSION } from './eck.ts';
import type { NodeSet } from './eck.ts';
import { SHARED_NODE_SETTINGS } from '../node-settings.ts';
import type { FileRealmUsers } from './credentials.ts';

/** Storage of a node; what it holds can be built again from the catalogue, so no snapshots are taken of it. */
const STORAGE = '20Gi';

/** Half of it becomes Java's by Elasticsearch's own choice, the other half caches files. */
const MEMORY = '2Gi';

/**
 * What ECK's own container gets that copies Elasticsearch's programs and settings before a node starts: ECK
 * gives it 50 MiB, of which some nodes of clusters need more (elastic/cloud-on-k8s#6406), and a tenth of a
 * processor. A pod asks for the most of both stages, so this costs nothing. ECK merges it with its own
 * container of that name. Source: ECK 3.5.0, pkg/controller/common/defaults/pod_template.go, WithInitContainers.
 */
const PREPARATION = {
  name: 'elastic-internal-init-filesystem',
  resources: {
    requests: { cpu: '100m', memory: '256Mi' },
    limits: { cpu: '1', memory: '256Mi' },
  },
} as const;

/** For one node, as ECK changes one after the other: a volume, an image, a start, and copies that are whole again. */
const NODE_SECONDS = 900;

/** The user of Elasticsearch's image. */
const IMAGE_USER = 1_000;

/** The Secret with the certificate that nodes show to clients. */
export function serverSecret(platform: string): string {
  return `${platform}-elasticsearch-server`;
}

/** The Secret with the roles. */
export function rolesSecret(platform: string): string {
  return `${platform}-elasticsearch-roles`;
}

/**
 * The cluster, a node in each zone. Its disruption budget is ECK's: it lets one node go, and none
 * while a copy is missing, which no fixed number says.
 */
export function elasticsearch(
  { graph, settings }: KubernetesContext,
  { secrets }: FileRealmUsers,
): k8s.Elasticsearch {
  return {
    apiVersion: ECK_API,
    kind: 'Elasticsearch',
    metadata: {
      name: graph.name,
      namespace: settings.namespaces.data,
      annotations: awaited(settings.zones.length * NODE_SECONDS, 'jsonpath={.status.phase}=Ready'),
    },
    spec: {
      version: ELASTICSEARCH_VERSION,
      volumeClaimDeletePolicy: 'DeleteOnScaledownOnly',
      auth: {
        disableElasticUser: true,
        fileRealm: Object.values(secrets).map(({ secret }) => ({ secretName: secret })),
        roles: [{ secretName: rolesSecret(graph.name) }],
      },
      http: { tls: { certificate: { secretName: serverSecret(graph.name) } } },
      nodeSets: settings.zones.map((zone) =>
        nodeSet(zone, settings, priorityClass(graph, 'engine')),
      ),
    },
  };
}

function nodeSet(zone: KubernetesZone, settings: PodsSettings, priorityClassName: string): NodeSet {
  return {
    name: zone.name,
    count: 1,
    config: {
      'node.attr.zone': zone.name,
      'cluster.routing.allocation.awareness.attributes': 'zone',
      // With a zone away its copies wait for it, where the others would be filled with them.
      'cluster.routing.allocation.awareness.force.zone.values': settings.zones
        .map(({ name }) => name)
        .join(),
      ...SHARED_NODE_SETTINGS,
      'ingest.geoip.downloader.enabled': false,
    },
    podTemplate: {
      spec: {
        affinity: placedInZone(zone),
        automountServiceAccountToken: false,
        ...pullSecrets(settings),
        priorityClassName,
        // ECK gives every container what `restricted` asks of one, and a read-only root besides.
        securityContext: { ...RESTRICTED_POD, fsGroup: IMAGE_USER },
        initContainers: [PREPARATION],
        containers: [
          {
            name: 'elasticsearch',
            resources: {
              requests: { cpu: '500m', memory: MEMORY },
              limits: { cpu: '2', memory: MEMORY },
            },
          },
        ],
      },
    },
    volumeClaimTemplates: [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'elasticsearch-data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: STORAGE } } },
      },
    ],
  };
}
