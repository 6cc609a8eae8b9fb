import { durability } from '../broker-configuration.ts';

/**
 * Of what every landing sets, what MSK leaves to us; the rest it has to itself.
 * Source: Amazon MSK Developer Guide, "Custom Amazon MSK configurations"
 */
const OURS: ReadonlySet<string> = new Set([
  ...['auto.create.topics.enable', 'default.replication.factor', 'delete.topic.enable'],
  ...['min.insync.replicas', 'offsets.topic.replication.factor'],
  ...['transaction.state.log.min.isr', 'transaction.state.log.replication.factor'],
  'unclean.leader.election.enable',
]);

/** What brokers are told besides. */
const OF_MSK: Readonly<Record<string, string>> = {
  // Without it MSK lets every client in where no ACL is. Source: Amazon MSK Developer Guide, "Apache Kafka ACLs"
  'allow.everyone.if.no.acl.found': 'false',
  // Consumers fetch from the replica of their own zone (KIP-392).
  'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
};

/** server.properties of the cluster's configuration, sorted. */
export function serverProperties(brokers: number): string {
  const shared = Object.entries(durability(brokers)).filter(([name]) => OURS.has(name));
  return Object.entries({ ...Object.fromEntries(shared), ...OF_MSK })
    .map(([name, value]) => `${name}=${value}\n`)
    .toSorted()
    .join('');
}
