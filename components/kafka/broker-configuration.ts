/** One broker of the cluster; each is a controller too. */
export interface BrokerNode {
  /** Its id in the cluster, from 1. */
  readonly id: number;
  /** What `broker.rack` says: copies of a partition lie in different racks. */
  readonly rack: string;
  readonly address: string;
  /** Where clients and other brokers connect. */
  readonly port: number;
  /** Where the controllers elect and copy the cluster's metadata. */
  readonly controllerPort: number;
}

/** Where a broker finds its things. */
export interface BrokerFolders {
  /** Records and metadata. */
  readonly storage: string;
  /** Identity folder (tls.key, tls.crt, ca.crt), a link that is swapped on renewal. */
  readonly identity: string;
}

/** Copies of a partition of Kafka's own topics, at most: one in each of three zones. */
const MAX_REPLICATION = 3;

/** How many copies of an acknowledged record there must be, at most: one zone may be away. */
const MIN_IN_SYNC_REPLICAS = 2;

/**
 * Common names of the brokers' certificate and of the one that administers them. No service can have
 * them: the name of a service holds no dot.
 */
export const BROKER_NAME = 'kafka.broker';
export const ADMIN_NAME = 'kafka.admin';

/** How many copies an acknowledged record has at least, of so many. */
export function minInSyncReplicas(replication: number): number {
  return Math.max(1, Math.min(MIN_IN_SYNC_REPLICAS, replication - 1));
}

/**
 * server.properties of a broker of a cluster. Both listeners speak TLS 1.3 and ask for a
 * certificate; its common name is the principal, and one without an ACL may do nothing.
 *
 * @see https://kafka.apache.org/documentation/#brokerconfigs
 */
export function brokerProperties(
  broker: BrokerNode,
  cluster: readonly BrokerNode[],
  folders: BrokerFolders,
): string {
  const voters = cluster.map(
    ({ id, address, controllerPort }) => `${id}@${address}:${controllerPort}`,
  );
  return properties({
    'process.roles': 'broker,controller',
    'node.id': broker.id,
    'broker.rack': broker.rack,
    'controller.quorum.voters': voters.join(','),
    listeners: `CLIENTS://${broker.address}:${broker.port},CONTROLLERS://${broker.address}:${broker.controllerPort}`,
    'listener.security.protocol.map': 'CLIENTS:SSL,CONTROLLERS:SSL',
    'inter.broker.listener.name': 'CLIENTS',
    'controller.listener.names': 'CONTROLLERS',
    'log.dirs': folders.storage,

    'ssl.engine.factory.class': 'meridian.kafka.FolderSslEngineFactory',
    'ssl.keystore.location': folders.identity,
    'ssl.enabled.protocols': 'TLSv1.3',
    'ssl.protocol': 'TLSv1.3',
    'ssl.client.auth': 'required',
    // A name that matches nothing stays whole ('CN=…'), which is nobody's principal.
    'ssl.principal.mapping.rules': 'RULE:^CN=([^,]+)$/$1/,DEFAULT',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': 'false',
    'super.users': `User:${BROKER_NAME};User:${ADMIN_NAME}`,

    ...durability(cluster.length),

    // A group of consumers that starts together need not wait longer for latecomers.
    'group.initial.rebalance.delay.ms': 500,
    // A broker that is gone is known to be gone soon; the defaults are for slower networks.
    'broker.session.timeout.ms': 6000,
    'broker.heartbeat.interval.ms': 1500,
    'replica.lag.time.max.ms': 10_000,
    // A follower that has nothing to fetch asks less often; what is new is answered at once, as ever.
    'replica.fetch.wait.max.ms': 2_000,
    // Local: three brokers share a machine with everything else.
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
    'log.segment.bytes': 67_108_864,
    'metadata.log.segment.bytes': 8_388_608,
  });
}

/**
 * What every landing sets so that no acknowledged record is lost with one zone, for a cluster of so
 * many brokers.
 *
 * @see https://kafka.apache.org/documentation/#brokerconfigs
 */
export function durability(brokers: number): Readonly<Record<string, string | number>> {
  const replication = Math.min(MAX_REPLICATION, brokers);
  return {
    'auto.create.topics.enable': 'false',
    'delete.topic.enable': 'true',
    'default.replication.factor': replication,
    'min.insync.replicas': minInSyncReplicas(replication),
    'unclean.leader.election.enable': 'false',
    'offsets.topic.replication.factor': replication,
    'offsets.topic.num.partitions': 12,
    'transaction.state.log.replication.factor': replication,
    'transaction.state.log.min.isr': minInSyncReplicas(replication),
    'transaction.state.log.num.partitions': 12,
    'share.coordinator.state.topic.replication.factor': replication,
    'share.coordinator.state.topic.min.isr': minInSyncReplicas(replication),
  };
}

/** Options of the Java virtual machine: a heap that is enough here, and a start that is quick. */
const JVM_OPTIONS = [
  '-Xms16m',
  '-Xmx128m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xss512k',
  // A broker without memory must not linger half alive; its agent starts it again.
  '-XX:+ExitOnOutOfMemoryError',
] as const;

/** What a broker is started with. */
export interface BrokerStart {
  readonly launcher: string;
  /** File of `brokerProperties`. */
  readonly properties: string;
  /** URI of a file of `LOG_PROPERTIES`. */
  readonly logging: string;
  readonly clusterId: string;
  readonly storage: string;
}

/**
 * Starts a broker, which formats its storage where the file that marks it (meta.properties) is not
 * there. One that is torn is taken for absent: it holds the ids of cluster and node, which are
 * configured, and that of the folder, which may be another one (KIP-858). The records stay.
 */
export function brokerCommand(start: BrokerStart): readonly string[] {
  const script = [
    'meta=$1; shift',
    'marks=$(grep -cE "^(version|cluster.id|node.id|directory.id)=." "$meta" 2>/dev/null)',
    '[ "$marks" = 4 ] && [ -z "$(tail -c 1 "$meta")" ] || rm -f "$meta"',
    'exec "$@"',
  ].join('\n');
  return [
    ...['/bin/sh', '-c', script, 'start', `${start.storage}/meta.properties`, start.launcher],
    ...JVM_OPTIONS,
    `-Dlog4j2.configurationFile=${start.logging}`,
    // Formats the storage at the first start, in the same virtual machine.
    'meridian.kafka.Broker',
    start.properties,
    start.clusterId,
    start.storage,
  ];
}

/** Log4j 2: what a broker says goes to its output, warnings and its own life only. */
export const LOG_PROPERTIES = properties({
  status: 'warn',
  'appender.output.type': 'Console',
  'appender.output.name': 'output',
  'appender.output.layout.type': 'PatternLayout',
  'appender.output.layout.pattern': '%d{ISO8601} %p %c{1} %m%n',
  'rootLogger.level': 'warn',
  'rootLogger.appenderRef.output.ref': 'output',
  'logger.server.name': 'kafka.server.KafkaRaftServer',
  'logger.server.level': 'info',
});

function properties(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}
