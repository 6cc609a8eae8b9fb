import { groupPrefix } from '@meridian/language/topic.ts';
import { topicGrants } from '../model/grants.ts';
import type { TopicGrant } from '../model/grants.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { sortedUnique } from '../model/order.ts';
import { MONITOR } from '../observability/engines/monitor.ts';
import { topicsOf } from './topics.ts';

/** What a service may do with a topic, or with its own consumer groups. */
export interface KafkaGrant<Operation = TopicGrant['operation']> {
  readonly principal: string;
  readonly resource: 'topic' | 'group-prefix';
  readonly name: string;
  readonly operations: readonly Operation[];
}

/** What anybody may do: a service, or whoever asks how Kafka is. */
export type BrokerGrant = KafkaGrant<TopicGrant['operation'] | 'Describe'>;

/** Everything that brokers allow to services; what is not here is denied. */
export function aclsOf(graph: PlatformGraph): readonly KafkaGrant[] {
  const grants = topicGrants(graph);
  const pairs = sortedUnique(grants.map(({ principal, topic }) => `${principal} ${topic}`));
  const topics = pairs.map((pair): KafkaGrant => {
    const [principal = '', name = ''] = pair.split(' ');
    const operations = grants
      .filter((grant) => grant.principal === principal && grant.topic === name)
      .map(({ operation }) => operation);
    return { principal, resource: 'topic', name, operations };
  });
  const consumers = sortedUnique(graph.topics.flatMap((topic) => topic.consumers));
  const groups = consumers.map((principal): KafkaGrant => {
    const name = groupPrefix(principal);
    return { principal, resource: 'group-prefix', name, operations: ['Read'] };
  });
  return [...topics, ...groups];
}

/** What whoever asks how Kafka is may see: topics and how far groups are, and not one record. */
export function monitorAcls(graph: PlatformGraph): readonly KafkaGrant<'Describe'>[] {
  const grant = { principal: MONITOR, operations: ['Describe'] } as const;
  const consumers = sortedUnique(graph.topics.flatMap((topic) => topic.consumers));
  return [
    ...topicsOf(graph).map(({ name }) => ({ ...grant, resource: 'topic' as const, name })),
    ...consumers.map((consumer) => ({
      ...{ ...grant, resource: 'group-prefix' as const, name: groupPrefix(consumer) },
    })),
  ];
}

/** Everything that brokers allow: to services, and to whoever asks how Kafka is. */
export function brokerAcls(graph: PlatformGraph): readonly BrokerGrant[] {
  return [...aclsOf(graph), ...monitorAcls(graph)];
}

/** The services that Kafka knows, by the common name of their certificates. */
export function principalsOf(graph: PlatformGraph): readonly string[] {
  return sortedUnique(aclsOf(graph).map(({ principal }) => principal));
}
