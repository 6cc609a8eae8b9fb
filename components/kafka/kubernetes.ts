import { KAFKA_BINDING } from '@meridian/language/bindings.ts';
import {
  engineClientCertificate,
  engineServerCertificate,
} from '../certificates/engine-certificate.ts';
import { bindingSecret, bindingSecretName } from '../kubernetes/binding-secret.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type { EngineUse, KubernetesEngine } from '../kubernetes/engine.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart, Manifest, Step } from '../kubernetes/manifest.ts';
import {
  monitorBinding,
  monitorBindings,
  monitorCertificate,
} from '../observability/engines/cluster-monitor.ts';
import { ENGINE_METRICS_PROCESS } from '../observability/engines/monitor.ts';
import { principalsOf } from './acls.ts';
import { KAFKA_IDENTITY_FOLDER, kafkaBinding } from './kafka-binding.ts';
import { kafkaUsers } from './kafka-users.ts';
import type { KafkaLanding } from './kafka.ts';
import { networkPolicies } from './kubernetes/network-policies.ts';
import { nodePools } from './kubernetes/node-pools.ts';
import { strimzi } from './kubernetes/operator.ts';
import { CLIENTS_PORT, STRIMZI_CLUSTER_LABEL, STRIMZI_NAME_LABEL } from './kubernetes/strimzi.ts';
import { serverSecret, strimziCluster } from './kubernetes/strimzi-cluster.ts';
import { strimziTopics, strimziUsers } from './kubernetes/strimzi-topics.ts';

/** Strimzi's cluster, with the topics and users of the graph. */
export interface KubernetesKafka extends KubernetesPart {
  readonly bootstrapServers: readonly string[];
}

/** What a graph needs of it; nothing at all where nobody publishes. */
export function lowerKafka(context: KubernetesContext): KubernetesKafka {
  const { graph, settings } = context;
  const bootstrap = `${graph.name}-kafka-bootstrap.${settings.namespaces.data}.svc.${settings.clusterDomain}`;
  const bootstrapServers = [`${bootstrap}:${CLIENTS_PORT}`];
  return {
    steps: graph.topics.length === 0 ? [] : steps(context, bootstrapServers),
    bootstrapServers,
  };
}

/** Declares it in the cluster. */
export function landKafka(lowered: KubernetesKafka): KafkaLanding {
  return (parent, _name, { zones }) => {
    declarePart(lowered, { parent, dependsOn: zones.foundation });
    return { bootstrapServers: lowered.bootstrapServers };
  };
}

/**
 * What pods of services mount comes first: no service waits for Kafka, so none may wait for a Secret that is made
 * when Kafka is up.
 */
function steps(context: KubernetesContext, bootstrapServers: readonly string[]): readonly Step[] {
  return [
    {
      manifests: [
        serverCertificate(context),
        ...networkPolicies(context),
        ...bindings(context, bootstrapServers),
      ],
    },
    { manifests: [...nodePools(context), strimziCluster(context)], protect: true },
    { manifests: strimziTopics(context), protect: true },
    { manifests: strimziUsers(context) },
  ];
}

/** Names the cluster and, as Strimzi advertises it, each of its brokers. */
function serverCertificate(context: KubernetesContext): Manifest {
  const { graph, settings } = context;
  const namespace = settings.namespaces.data;
  const hosts = [`${graph.name}-kafka-bootstrap`, `*.${graph.name}-kafka-brokers`];
  return engineServerCertificate(context, {
    namespace,
    secret: serverSecret(graph.name),
    commonName: `${graph.name}-kafka`,
    dnsNames: hosts.flatMap((host) => [
      `${host}.${namespace}.svc`,
      `${host}.${namespace}.svc.${settings.clusterDomain}`,
    ]),
  });
}

/** For each service that uses topics, and for the monitor: where the cluster is, and a certificate in its name. */
function bindings(
  context: KubernetesContext,
  bootstrapServers: readonly string[],
): readonly Manifest[] {
  const { graph } = context;
  const properties = kafkaBinding(bootstrapServers);
  return [
    ...principalsOf(graph).flatMap((service) => [
      bindingSecret(graph, kafkaBindingOf(service), properties),
      engineClientCertificate(context, {
        service,
        secret: `${service}-${KAFKA_IDENTITY_FOLDER}`,
        commonName: service,
      }),
    ]),
    bindingSecret(graph, monitorBinding(KAFKA_BINDING), properties),
    monitorCertificate(context, KAFKA_IDENTITY_FOLDER),
  ];
}

/** The binding of a service: that of the cluster is every user's, and so has the service in its name. */
export function kafkaBindingOf(service: string): string {
  return `${service}-${KAFKA_BINDING}`;
}

function useKafka({ graph, settings }: KubernetesContext, workload: string): EngineUse | undefined {
  const isMonitor = workload === ENGINE_METRICS_PROCESS && graph.topics.length > 0;
  if (!isMonitor && !principalsOf(graph).includes(workload)) return undefined;
  const peer = {
    namespace: settings.namespaces.data,
    pods: { [STRIMZI_CLUSTER_LABEL]: graph.name },
  };
  return {
    engine: 'kafka',
    bindings: isMonitor
      ? monitorBindings(KAFKA_BINDING)
      : { [KAFKA_BINDING]: bindingSecretName(kafkaBindingOf(workload)) },
    identityFolder: KAFKA_IDENTITY_FOLDER,
    egress: { peers: [peer], ports: [CLIENTS_PORT] },
  };
}

/** Kafka in a cluster. */
export const kubernetesKafka: KubernetesEngine<KubernetesKafka, KafkaLanding> = {
  lower: lowerKafka,
  land: landKafka,
  operators: (context) => [strimzi(context)],
  images: [],
  use: useKafka,
  scrape: ({ graph }) => ({
    job: kafkaUsers.job,
    pods: { [STRIMZI_NAME_LABEL]: `${graph.name}-kafka` },
    port: 'tcp-prometheus',
  }),
};
