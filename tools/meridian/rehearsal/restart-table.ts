/** What a change of some fields does to what runs; of several rules that fit a field the first counts. */
export interface RestartRule {
  /** The path of a field as a preview tells it, such as `spec.kafka.config["num.io.threads"]`. */
  readonly field: RegExp;
  /** In words for people. */
  readonly does: Effect;
}

/** What becomes of what runs, from what is felt least to what is felt most. */
export interface Effect {
  readonly weight: number;
  readonly text: string;
}

/** A kind of object whose changes restart what keeps data, or whom users ask. */
export interface RestartedKind {
  readonly rules: readonly RestartRule[];
  /** Of a field that no rule knows. */
  readonly otherwise: Effect;
  /** Where one is deleted and another put in its place. */
  readonly replaced: string;
}

const nothing: Effect = { weight: 0, text: 'restarts nothing' };
const effect = (weight: number, text: string): Effect => ({ weight, text });
const moves = (text: string): Effect => effect(1, text);
const may = (what: string): Effect =>
  effect(2, `may restart ${what}: nobody has looked up this field`);
const restarts = (text: string): Effect => effect(3, text);

const BROKERS = restarts('rolls all brokers and controllers one by one, as partitions allow it');
const POOL = restarts(
  'rolls the brokers or controllers of this pool one by one, as partitions allow it',
);
const INSTANCES = restarts(
  'restarts each instance of PostgreSQL, standbys first, then a switchover of seconds: open transactions end',
);
const NODES = restarts(
  'restarts the nodes of Elasticsearch one by one, each when its copies are elsewhere: searches go on',
);

/**
 * Parameters that PostgreSQL reads when it starts, and at no other time. Source: PostgreSQL 17, guc_tables.c, PGC_POSTMASTER
 */
const AT_START = [
  ...['archive_mode', 'autovacuum_(?:multixact_)?freeze_max_age', 'autovacuum_max_workers'],
  ...['bonjour\\w*', 'cluster_name', 'commit_timestamp_buffers', 'data_sync_retry'],
  ...['dynamic_shared_memory_type', 'event_source', 'hot_standby', 'huge_pages?(?:_size)?'],
  ...['jit_provider', 'listen_addresses', 'logging_collector', 'max_connections'],
  ...['max_files_per_process', 'max_locks_per_transaction', 'max_logical_replication_workers'],
  ...['max_notify_queue_pages', 'max_pred_locks_per_transaction', 'max_prepared_transactions'],
  ...['max_replication_slots', 'max_wal_senders', 'max_worker_processes'],
  ...['min_dynamic_shared_memory', 'multixact_(?:member|offset)_buffers', 'notify_buffers'],
  ...['port', 'recovery_target\\w*', 'reserved_connections', 'serializable_buffers'],
  ...['shared_buffers', 'shared_memory_type', 'shared_preload_libraries', 'subtransaction_buffers'],
  ...['superuser_reserved_connections', 'track_activity_query_size', 'track_commit_timestamp'],
  ...['transaction_buffers', 'unix_socket_\\w+', 'wal_buffers', 'wal_decode_buffer_size'],
  ...['wal_level', 'wal_log_hints'],
].join('|');

/**
 * What brokers take over while they run, among much else: Strimzi asks Kafka whether it can.
 * Source: Kafka 4.3, "Broker Configs", update mode cluster-wide
 */
const KAFKA_WHILE_IT_RUNS =
  /^spec\.kafka\.config\["(?:background\.threads|log\.retention\.(?:ms|bytes)|log\.segment\.bytes|max\.connections|message\.max\.bytes|num\.(?:io|network)\.threads|num\.replica\.fetchers|unclean\.leader\.election\.enable)"\]$/;

/** Labels and annotations of an object itself, and not of its pods. */
const METADATA: RestartRule = { field: /^metadata\b/, does: nothing };

/**
 * Kinds of objects by their group and name. Any other kind restarts nothing by itself.
 *
 * Sources: Strimzi 1.2.0, KafkaReconciler.java (rollingUpdate, podSet), RestartReason.java, KafkaBrokerConfigurationDiff.java,
 * KRaftMetadataManager.java; CloudNativePG 1.30.1, internal/controller/cluster_upgrade.go (isInstanceNeedingRollout),
 * pkg/specs/podspec_diff.go, internal/management/controller/instance_controller.go; ECK 3.5.0,
 * pkg/controller/elasticsearch/nodespec (podspec.go, statefulset.go) and driver/upgrade.go; Kubernetes 1.36, "StatefulSets",
 * "Deployments"; Argo Rollouts 1.10.1, "BlueGreen Deployment Strategy"
 */
export const RESTARTED_KINDS: Readonly<Record<string, RestartedKind>> = {
  'kafka.strimzi.io:Kafka': {
    rules: [
      METADATA,
      {
        field: /^spec\.kafka\.version$/,
        does: restarts(
          'rolls all brokers and controllers one by one, to another Kafka: no way back once its metadata are of the new version',
        ),
      },
      {
        field: /^spec\.kafka\.metadataVersion$/,
        does: moves('restarts nothing, and there is no way back to an older Kafka'),
      },
      { field: KAFKA_WHILE_IT_RUNS, does: nothing },
      {
        field:
          /^spec\.kafka\.(?:config|listeners|authorization|rack|metricsConfig|image|jvmOptions|resources|template\.(?:pod|kafkaContainer|initContainer))\b/,
        does: BROKERS,
      },
      { field: /^spec\.kafka\.template\b/, does: nothing },
      {
        field: /^spec\.(?:clusterCa|clientsCa)\b/,
        does: moves(
          'rolls all brokers and controllers when an authority is made again, and not now',
        ),
      },
      {
        field: /^spec\.entityOperator\b/,
        does: moves('restarts the operators of topics and users, and no broker'),
      },
      {
        field: /^spec\.(?:cruiseControl|kafkaExporter)\b/,
        does: moves('restarts what stands beside the brokers, and no broker'),
      },
      { field: /^spec\.maintenanceTimeWindows\b/, does: nothing },
    ],
    otherwise: may('all brokers and controllers, one by one'),
    replaced: 'deletes all brokers and controllers and makes others',
  },
  'kafka.strimzi.io:KafkaNodePool': {
    rules: [
      METADATA,
      {
        field: /^spec\.replicas$/,
        does: moves('adds nodes, or takes away those that hold no partition; others go on'),
      },
      {
        field: /^spec\.storage\b.*\.size$/,
        does: restarts(
          'grows volumes; where their file systems cannot grow while they are used, rolls the brokers of this pool one by one',
        ),
      },
      { field: /^spec\.(?:jvmOptions|resources|roles|template)\b/, does: POOL },
    ],
    otherwise: may('the brokers or controllers of this pool, one by one'),
    replaced: 'deletes the brokers or controllers of this pool and makes others',
  },
  'postgresql.cnpg.io:Cluster': {
    rules: [
      METADATA,
      {
        field: new RegExp(`^spec\\.postgresql\\.parameters(?:\\.|\\[")(?:${AT_START})(?:"\\])?$`),
        does: INSTANCES,
      },
      {
        field: /^spec\.postgresql\.(?:parameters|pg_hba|pg_ident|synchronous)\b/,
        does: moves('is read again by each instance of PostgreSQL, without a restart'),
      },
      { field: /^spec\.postgresql\.(?:shared_preload_libraries|extensions)\b/, does: INSTANCES },
      {
        field:
          /^spec\.(?:affinity|env|envFrom|imageName|imageCatalogRef|plugins|podSecurityContext|projectedVolumeTemplate|resources|schedulerName|seccompProfile|securityContext|topologySpreadConstraints)\b/,
        does: INSTANCES,
      },
      {
        field: /^spec\.instances$/,
        does: moves('adds standbys, which copy the data first, or takes some away; others go on'),
      },
      {
        field: /^spec\.(?:storage|walStorage)\.size$/,
        does: moves('grows the volumes of each instance while it runs, where their class can'),
      },
      // Of pods these are not compared: a pod has them from its next start on.
      {
        field: /^spec\.(?:priorityClassName|imagePullSecrets)\b/,
        does: moves('restarts nothing; each instance has it from its next start on'),
      },
      {
        field: /^spec\.certificates\b/,
        does: moves('is read again by each instance of PostgreSQL, without a restart'),
      },
      {
        field:
          /^spec\.(?:backup|enablePDB|enableSuperuserAccess|managed|maxSyncReplicas|monitoring|primaryUpdate(?:Method|Strategy)|replicationSlots)\b/,
        does: nothing,
      },
    ],
    otherwise: may('each instance of PostgreSQL, with a switchover'),
    replaced: 'deletes every instance of PostgreSQL with its volumes and makes others',
  },
  'elasticsearch.k8s.elastic.co:Elasticsearch': {
    rules: [
      METADATA,
      {
        field: /^spec\.version$/,
        does: restarts(
          'restarts the nodes of Elasticsearch one by one, to another version: no way back',
        ),
      },
      {
        field: /^spec\.nodeSets\[\d+\]\.name$/,
        does: restarts(
          'makes other nodes of Elasticsearch, moves all data to them, then takes the old ones away',
        ),
      },
      {
        field: /^spec\.nodeSets\[\d+\]\.count$/,
        does: moves('adds nodes, or takes some away after their data have moved; others go on'),
      },
      {
        field: /^spec\.nodeSets\[\d+\]\.volumeClaimTemplates\b.*\.storage$/,
        does: moves('grows volumes while nodes run, where their class can'),
      },
      {
        field: /^spec\.(?:image|secureSettings|nodeSets\[\d+\]\.(?:config|podTemplate))\b/,
        does: NODES,
      },
      // Files of Secrets, which nodes read again.
      {
        field: /^spec\.(?:auth|http\.tls|transport\.tls)\b/,
        does: moves('is read again by each node of Elasticsearch, without a restart'),
      },
      {
        field:
          /^spec\.(?:http\.service|podDisruptionBudget|transport\.service|updateStrategy|volumeClaimDeletePolicy)\b/,
        does: nothing,
      },
    ],
    otherwise: may('the nodes of Elasticsearch, one by one'),
    replaced: 'deletes every node of Elasticsearch with its volumes and makes others',
  },
  'apps:StatefulSet': workload('its pods one by one, the last first'),
  'apps:Deployment': workload('its pods, as its strategy says'),
  'argoproj.io:Rollout': {
    rules: [
      METADATA,
      { field: /^spec\.replicas$/, does: moves('adds replicas, or takes some away') },
      {
        field: /^spec\.template\b/,
        does: restarts('starts a release beside the one that runs, and restarts none of its pods'),
      },
      { field: /^spec\.strategy\b/, does: nothing },
    ],
    otherwise: may('all replicas of the service'),
    replaced: 'deletes all replicas of the service and makes others',
  },
  'helm.sh:Release': {
    rules: [
      METADATA,
      {
        field: /^version$/,
        does: restarts(
          'installs another version of the chart: docs/upgrades.md says what each step restarts',
        ),
      },
      {
        field: /^values\.(?:replicaCount|replicas)$/,
        does: moves('adds replicas, or takes some away'),
      },
    ],
    otherwise: effect(2, 'installs the chart with other values: may restart what it runs'),
    replaced: 'removes what the chart runs and installs it again',
  },
};

function workload(pods: string): RestartedKind {
  return {
    rules: [
      METADATA,
      { field: /^spec\.replicas$/, does: moves('adds pods, or takes some away') },
      { field: /^spec\.template\b/, does: restarts(`restarts ${pods}`) },
      {
        field:
          /^spec\.(?:minReadySeconds|revisionHistoryLimit|strategy|updateStrategy|progressDeadlineSeconds)\b/,
        does: nothing,
      },
    ],
    otherwise: may(pods),
    replaced: 'deletes all of its pods and makes others',
  };
}
