import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { KafkaLanding } from './kafka.ts';

/** Strimzi's cluster, with the topics and users of the graph. */
export interface KubernetesKafka extends KubernetesPart {
  readonly bootstrapServers: readonly string[];
}

/** What a graph needs of it. */
export function lowerKafka({ graph, settings }: KubernetesContext): KubernetesKafka {
  return {
    steps: [],
    bootstrapServers: [
      `${graph.name}-kafka-bootstrap.${settings.namespaces.data}.svc.${settings.clusterDomain}:9093`,
    ],
  };
}

/** Declares it in the cluster. */
export function landKafka(lowered: KubernetesKafka): KafkaLanding {
  return (parent, _name, { zones }) => {
    declarePart(lowered, { parent, dependsOn: [zones] });
    return { bootstrapServers: lowered.bootstrapServers };
  };
}
