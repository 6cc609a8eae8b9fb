import { priorityClass } from '../../cluster/priority-classes.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { awaited } from '../../kubernetes/manifest.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { ZONE_LABEL } from '../../kubernetes/placed-in-zone.ts';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from '../../kubernetes/restricted.ts';
import { durability } from '../broker-configuration.ts';
import { CLIENTS_PORT, KAFKA_VERSION, STRIMZI_API } from './strimzi.ts';
import type { KafkaContainerTemplate, KafkaListener, KafkaPodTemplate } from './strimzi.ts';

/** Where the certificate of the authority of engines and clients is in a broker. */
const AUTHORITY = { volume: 'engines-authority', folder: '/mnt/engines-authority' } as const;

/** A broker hands its partitions over before it goes. */
const STOP_SECONDS = 120;

/** Brokers start side by side, with volumes and images, and then the operators beside them. */
const FIRST_START_SECONDS = 900;

/** Strimzi rolls one broker after the other: it stops, starts, and has the records again that it missed. */
const ROLLED_SECONDS = STOP_SECONDS + 300;

/** Two small programs that watch topics and users. */
const OPERATOR_RESOURCES = {
  requests: { cpu: '100m', memory: '512Mi' },
  limits: { cpu: '1', memory: '512Mi' },
};

const CONTAINER: KafkaContainerTemplate = {
  securityContext: RESTRICTED_CONTAINER,
};

/** The Secret with the certificate that brokers show to clients. */
export function serverSecret(platform: string): string {
  return `${platform}-kafka-server`;
}

/**
 * The pods of brokers and controllers, in the cluster's object and in each pool's: a pool that has a template of
 * pods has it in place of the cluster's, and nothing of both is merged.
 * Source: Strimzi 1.2.0, KafkaPool.java, processTemplate.
 */
export function brokerPod({ graph, settings }: KubernetesContext): KafkaPodTemplate {
  return {
    ...pullSecrets(settings),
    // Volumes belong to the group of the image's user, as where Strimzi is left to itself.
    securityContext: { ...RESTRICTED_POD, fsGroup: 0 },
    priorityClassName: priorityClass(graph, 'engine'),
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
  };
}

/** The cluster: who may connect, and what is never lost; its nodes are in node-pools.ts. */
export function strimziCluster(context: KubernetesContext): k8s.Kafka {
  const { graph, settings } = context;
  return {
    apiVersion: STRIMZI_API,
    kind: 'Kafka',
    metadata: {
      name: graph.name,
      namespace: settings.namespaces.data,
      annotations: awaited(FIRST_START_SECONDS + settings.kafka.brokers * ROLLED_SECONDS),
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
          pod: brokerPod(context),
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
          pod: {
            ...pullSecrets(settings),
            securityContext: RESTRICTED_POD,
            priorityClassName: priorityClass(graph, 'engine'),
          },
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
