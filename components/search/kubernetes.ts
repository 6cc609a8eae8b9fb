import {
  engineClientCertificate,
  engineServerCertificate,
} from '../certificates/engine-certificate.ts';
import { credentialsSteps } from '../kubernetes/credentials-job.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import { bindingSecrets } from '../kubernetes/engine.ts';
import type { EngineUse, KubernetesEngine } from '../kubernetes/engine.ts';
import type * as k8s from '../kubernetes/k8s.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart, Manifest, Step } from '../kubernetes/manifest.ts';
import { sortedUnique } from '../model/order.ts';
import { monitorBindings, monitorCertificate } from '../observability/engines/cluster-monitor.ts';
import { ENGINE_METRICS_PROCESS, MONITOR_BINDINGS } from '../observability/engines/monitor.ts';
import { searchCredentials } from './kubernetes/credentials.ts';
import type { SearchCredentials } from './kubernetes/credentials.ts';
import { ECK_CLUSTER_LABEL, HTTP_PORT } from './kubernetes/eck.ts';
import { elasticsearch, rolesSecret, serverSecret } from './kubernetes/elasticsearch.ts';
import { searchNetworkPolicy } from './kubernetes/network-policy.ts';
import { eck } from './kubernetes/operator.ts';
import { SEARCH_IDENTITY_FOLDER } from './search-binding.ts';
import { rolesFile, searchGrants, searchRoles, withProbe } from './search-grants.ts';
import type { SearchLanding } from './search.ts';

/** ECK's Elasticsearch, with the users and roles of the graph. */
export interface KubernetesSearch extends KubernetesPart {
  readonly credentials: SearchCredentials;
}

/** What a graph needs of it; nothing at all where no service has an index. */
export function lowerSearch(context: KubernetesContext): KubernetesSearch {
  const credentials = searchCredentials(context);
  return { steps: credentials.users.length === 0 ? [] : steps(context, credentials), credentials };
}

/** Declares it in the cluster. */
export function landSearch(lowered: KubernetesSearch): SearchLanding {
  return (parent, _name, { zones }) => {
    declarePart(lowered, { parent, dependsOn: zones.foundation });
  };
}

function steps(
  context: KubernetesContext,
  { users, engineForm }: SearchCredentials,
): readonly Step[] {
  return [
    {
      manifests: [
        serverCertificate(context),
        roles(context),
        searchNetworkPolicy(context),
        ...clientCertificates(context),
      ],
    },
    ...credentialsSteps(context, { engine: 'elasticsearch', users, engineForm }),
    { manifests: [elasticsearch(context, engineForm)], protect: true },
  ];
}

/**
 * Names the cluster for its clients, and as its own nodes and ECK call it. ECK takes an ECDSA key in SEC 1
 * alone: of PKCS 8 it reads RSA, and with any other key there it makes no node at all. Source: ECK 3.5.0,
 * pkg/controller/common/certificates/pem.go; tests/cluster/elasticsearch.test.ts holds it to that.
 */
function serverCertificate(context: KubernetesContext): Manifest {
  const { graph, settings } = context;
  const namespace = settings.namespaces.data;
  return engineServerCertificate(context, {
    namespace,
    secret: serverSecret(graph.name),
    commonName: `${graph.name}-elasticsearch`,
    keyEncoding: 'PKCS1',
    dnsNames: [`${graph.name}-es-http`, `${graph.name}-es-internal-http`].flatMap((host) => [
      `${host}.${namespace}.svc`,
      `${host}.${namespace}.svc.${settings.clusterDomain}`,
    ]),
  });
}

function roles({ graph, settings }: KubernetesContext): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: rolesSecret(graph.name),
      namespace: settings.namespaces.data,
    },
    stringData: { 'roles.yml': rolesFile(withProbe(searchRoles(graph))) },
  } satisfies k8s.Secret;
}

/** With which a service comes, or the monitor; the authority that it trusts is beside it. */
function clientCertificates(context: KubernetesContext): readonly Manifest[] {
  const services = sortedUnique(searchGrants(context.graph).map(({ service }) => service));
  return [
    ...services.map((service) =>
      engineClientCertificate(context, {
        service,
        secret: `${service}-${SEARCH_IDENTITY_FOLDER}`,
        commonName: service,
      }),
    ),
    monitorCertificate(context, SEARCH_IDENTITY_FOLDER),
  ];
}

function useSearch(
  { graph, settings }: KubernetesContext,
  workload: string,
): EngineUse | undefined {
  const all = searchGrants(graph);
  const grants = all.filter(({ service }) => service === workload);
  const isMonitor = workload === ENGINE_METRICS_PROCESS && all.length > 0;
  if (grants.length === 0 && !isMonitor) return undefined;
  const peer = { namespace: settings.namespaces.data, pods: { [ECK_CLUSTER_LABEL]: graph.name } };
  return {
    engine: 'elasticsearch',
    bindings: isMonitor
      ? monitorBindings(MONITOR_BINDINGS.search)
      : bindingSecrets(grants.map(({ binding }) => binding)),
    identityFolder: SEARCH_IDENTITY_FOLDER,
    egress: { peers: [peer], ports: [HTTP_PORT] },
  };
}

/** Elasticsearch in a cluster; ECK chooses the image by the version. */
export const kubernetesSearch: KubernetesEngine<KubernetesSearch, SearchLanding> = {
  lower: lowerSearch,
  land: landSearch,
  operators: (context) => [eck(context)],
  images: [],
  use: useSearch,
};
