import { priorityClass } from '../../cluster/priority-classes.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { AWAIT_READY } from '../../kubernetes/manifest.ts';
import { ZONE_LABEL } from '../../kubernetes/placed-in-zone.ts';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from '../../kubernetes/restricted.ts';
import { durability } from '../broker-configuration.ts';
import { CLIENTS_PORT, KAFKA_VERSION, STRIMZI_API } from './strimzi.ts';
import type { ContainerTemplate, KafkaCluster, KafkaListener, PodTemplate } from './strimzi.ts';

/** Where the certificate of the authority of engines and clients is in a broker. */
const AUTHORITY = { volume: 'engines-authority', folder: '/mnt/engines-authority' } as const;

/** A broker hands its partitions over before it goes. */
const STOP_SECONDS = 120;

/** Two small programs that watch topics and users. */
const OPERATOR_RESOURCES = {
  requests: { cpu: '100m', memory: '512Mi' },
  limits: { cpu: '1', memory: '512Mi' },
};

const CONTAINER: ContainerTemplate = {
  securityContext: RESTRICTED_CONTAINER,
};

/** The Secret with the certificate that brokers show to clients. */
export function serverSecret(platform: string): string {
  return `${platform}-kafka-server`;
}

/** The cluster: who may connect, and what is never lost; its nodes are in node-pools.ts. */
export function strimziCluster({ graph, settings }: KubernetesContext): KafkaCluster {
  const pod: PodTemplate = {
    // Volumes belong to the group of the image's user, as where Strimzi is left to itself.
    securityContext: { ...RESTRICTED_POD, fsGroup: 0 },
    priorityClassName: priorityClass(graph, 'engine'),
  };
  return {
    apiVersion: STRIMZI_API,
    kind: 'Kafka',
    metadata: {
      name: graph.name,
      namespace: settings.namespaces.data,
      labels: { 'app.kubernetes.io/part-of': graph.name },
      annotations: AWAIT_READY,
    },
    spec: {
      kafka: {
        version: KAFKA_VERSION,
        listeners: [clientsListener(graph.name)],
        config: {
          'ssl.enabled.protocols': 'TLSv1.3',
          'ssl.protocol': 'TLSv1.3',
          'allow.everyone.if.no.acl.found': 'false',
          ...durability(settings.kafka.brokers),
        },
        // Super users are Strimzi's own, and nobody else is.
        authorization: { type: 'simple' },
        rack: { topologyKey: ZONE_LABEL },
        metricsConfig: { type: 'strimziMetricsReporter' },
        template: {
          pod: {
            ...pod,
            terminationGracePeriodSeconds: STOP_SECONDS,
            volumes: [
              {
                name: AUTHORITY.volume,
                secret: {
                  secretName: serverSecret(graph.name),
                  items: [{ key: 'ca.crt', path: 'ca.crt' }],
                },
              },
            ],
          },
          kafkaContainer: {
            ...CONTAINER,
            volumeMounts: [{ name: AUTHORITY.volume, mountPath: AUTHORITY.folder }],
          },
          initContainer: CONTAINER,
          podDisruptionBudget: { maxUnavailable: 1 },
        },
      },
      entityOperator: {
        topicOperator: { resources: OPERATOR_RESOURCES },
        userOperator: { resources: OPERATOR_RESOURCES },
        template: {
          pod: { securityContext: RESTRICTED_POD, priorityClassName: pod.priorityClassName ?? '' },
          topicOperatorContainer: CONTAINER,
          userOperatorContainer: CONTAINER,
        },
      },
    },
  };
}

/**
 * Strimzi's own authentication by certificates trusts only its own authority of clients; this one
 * trusts that of the platform's engines.
 *
 * Source: Strimzi 1.2.0, KafkaListenerAuthenticationCustom, "Configuring customized TLS Client
 * Authentication"
 */
function clientsListener(platform: string): KafkaListener {
  return {
    name: 'tls',
    port: CLIENTS_PORT,
    type: 'internal',
    tls: true,
    authentication: {
      type: 'custom',
      sasl: false,
      listenerConfig: {
        'ssl.client.auth': 'required',
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': `${AUTHORITY.folder}/ca.crt`,
        // A bare common name is a principal. Any other subject is nobody's: Strimzi's super users
        // have an organisation, and must not be reached by a certificate of another authority.
        'ssl.principal.mapping.rules': 'RULE:^(CN=[^,]+)$/$1/,RULE:^.*$/nobody/',
      },
    },
    configuration: {
      brokerCertChainAndKey: {
        secretName: serverSecret(platform),
        certificate: 'tls.crt',
        key: 'tls.key',
      },
    },
  };
}
