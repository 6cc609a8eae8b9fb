import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { awaited } from '../../kubernetes/manifest.ts';
import { brokerAcls, principalsOf } from '../acls.ts';
import type { BrokerGrant } from '../acls.ts';
import { MONITOR } from '../../observability/engines/monitor.ts';
import { STRIMZI_API, STRIMZI_CLUSTER_LABEL } from './strimzi.ts';
import type { KafkaAclRule } from './strimzi.ts';
import { topicsOf } from '../topics.ts';

const DAY_MS = 86_400_000;

/** Strimzi's operators come to an object at once, or at their next round of two minutes. */
const RECONCILED_SECONDS = 300;

/** The topics of the graph; a topic's name is one that Kubernetes takes as well. */
export function strimziTopics(context: KubernetesContext): readonly k8s.KafkaTopic[] {
  return topicsOf(context.graph).map(
    ({ name, partitions, replication, minInSyncReplicas, retentionDays }) => ({
      apiVersion: STRIMZI_API,
      kind: 'KafkaTopic',
      metadata: metadata(context, name),
      spec: {
        partitions,
        replicas: replication,
        config: {
          'min.insync.replicas': minInSyncReplicas,
          'retention.ms': retentionDays * DAY_MS,
          'cleanup.policy': 'delete',
        },
      },
    }),
  );
}

/**
 * A user for each service that uses topics, and one that asks how Kafka is; the common name of its certificate is its
 * name.
 */
export function strimziUsers(context: KubernetesContext): readonly k8s.KafkaUser[] {
  const acls = brokerAcls(context.graph);
  return [...principalsOf(context.graph), MONITOR].map((principal) => ({
    apiVersion: STRIMZI_API,
    kind: 'KafkaUser',
    metadata: metadata(context, principal),
    spec: {
      authentication: { type: 'tls-external' },
      authorization: {
        type: 'simple',
        acls: acls.filter((acl) => acl.principal === principal).map(aclRule),
      },
    },
  }));
}

function aclRule({ resource, name, operations }: BrokerGrant): KafkaAclRule {
  return {
    resource:
      resource === 'topic'
        ? { type: 'topic', name, patternType: 'literal' }
        : { type: 'group', name, patternType: 'prefix' },
    operations,
  };
}

/** Strimzi finds the cluster by the label; whoever needs the object waits until Kafka has it. */
function metadata({ graph, settings }: KubernetesContext, name: string): k8s.NamedMeta {
  return {
    name,
    namespace: settings.namespaces.data,
    labels: { [STRIMZI_CLUSTER_LABEL]: graph.name },
    annotations: awaited(RECONCILED_SECONDS),
  };
}
