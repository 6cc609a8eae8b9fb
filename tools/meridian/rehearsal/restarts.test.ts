import { expect, test } from '@jest/globals';
import { RESTARTED_KINDS } from './restart-table.ts';
import { restartsOf } from './restarts.ts';

const TYPES = {
  Kafka: 'kubernetes:kafka.strimzi.io/v1:Kafka',
  KafkaNodePool: 'kubernetes:kafka.strimzi.io/v1:KafkaNodePool',
  Cluster: 'kubernetes:postgresql.cnpg.io/v1:Cluster',
  Elasticsearch: 'kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch',
  StatefulSet: 'kubernetes:apps/v1:StatefulSet',
  Deployment: 'kubernetes:apps/v1:Deployment',
  Rollout: 'kubernetes:argoproj.io/v1alpha1:Rollout',
  Release: 'kubernetes:helm.sh/v3:Release',
} as const;

const changed = (kind: keyof typeof TYPES, ...fields: readonly string[]) =>
  restartsOf({
    type: TYPES[kind],
    operation: 'update',
    properties: fields.map((property) => ({ property, before: 1, after: 2 })),
  });

/** A field of each row of the table, and how what is said of it begins. */
const ROWS: readonly (readonly [kind: keyof typeof TYPES, field: string, says: string])[] = [
  ['Kafka', 'metadata.labels.team', 'restarts nothing'],
  ['Kafka', 'spec.kafka.version', 'rolls all brokers and controllers one by one, to another Kafka'],
  ['Kafka', 'spec.kafka.metadataVersion', 'restarts nothing, and there is no way back'],
  ['Kafka', 'spec.kafka.config["num.io.threads"]', 'restarts nothing'],
  ['Kafka', 'spec.kafka.config["num.replica.fetchers"]', 'restarts nothing'],
  [
    'Kafka',
    'spec.kafka.config["default.replication.factor"]',
    'rolls all brokers and controllers one by one, as',
  ],
  ['Kafka', 'spec.kafka.listeners[0].tls', 'rolls all brokers and controllers one by one, as'],
  [
    'Kafka',
    'spec.kafka.template.pod.priorityClassName',
    'rolls all brokers and controllers one by one, as',
  ],
  ['Kafka', 'spec.kafka.template.podDisruptionBudget.maxUnavailable', 'restarts nothing'],
  ['Kafka', 'spec.clientsCa.validityDays', 'rolls all brokers and controllers when an authority'],
  [
    'Kafka',
    'spec.entityOperator.topicOperator.resources.limits.memory',
    'restarts the operators of topics',
  ],
  ['Kafka', 'spec.kafkaExporter.topicRegex', 'restarts what stands beside the brokers'],
  ['Kafka', 'spec.maintenanceTimeWindows[0]', 'restarts nothing'],
  ['Kafka', 'spec.kafka.quotas', 'may restart all brokers and controllers'],
  ['KafkaNodePool', 'metadata.annotations.note', 'restarts nothing'],
  ['KafkaNodePool', 'spec.replicas', 'adds nodes'],
  ['KafkaNodePool', 'spec.storage.volumes[0].size', 'grows volumes; where'],
  [
    'KafkaNodePool',
    'spec.resources.limits.memory',
    'rolls the brokers or controllers of this pool',
  ],
  [
    'KafkaNodePool',
    'spec.storage.volumes[0].class',
    'may restart the brokers or controllers of this pool',
  ],
  ['Cluster', 'metadata.labels.team', 'restarts nothing'],
  [
    'Cluster',
    'spec.postgresql.parameters.max_connections',
    'restarts each instance of PostgreSQL, standbys first',
  ],
  [
    'Cluster',
    'spec.postgresql.parameters.work_mem',
    'is read again by each instance of PostgreSQL',
  ],
  ['Cluster', 'spec.postgresql.parameters.huge_pages', 'restarts each instance'],
  ['Cluster', 'spec.postgresql.parameters.max_wal_size', 'is read again by each instance'],
  ['Cluster', 'spec.postgresql.pg_hba[3]', 'is read again by each instance'],
  ['Cluster', 'spec.postgresql.shared_preload_libraries[0]', 'restarts each instance'],
  ['Cluster', 'spec.imageName', 'restarts each instance'],
  ['Cluster', 'spec.resources.limits.memory', 'restarts each instance'],
  ['Cluster', 'spec.plugins', 'restarts each instance'],
  ['Cluster', 'spec.instances', 'adds standbys'],
  ['Cluster', 'spec.walStorage.size', 'grows the volumes of each instance'],
  [
    'Cluster',
    'spec.priorityClassName',
    'restarts nothing; each instance has it from its next start on',
  ],
  ['Cluster', 'spec.certificates.serverTLSSecret', 'is read again by each instance'],
  ['Cluster', 'spec.managed.roles[2].connectionLimit', 'restarts nothing'],
  ['Cluster', 'spec.tablespaces', 'may restart each instance of PostgreSQL'],
  ['Elasticsearch', 'metadata.labels.team', 'restarts nothing'],
  [
    'Elasticsearch',
    'spec.version',
    'restarts the nodes of Elasticsearch one by one, to another version',
  ],
  ['Elasticsearch', 'spec.nodeSets[0].name', 'makes other nodes of Elasticsearch'],
  ['Elasticsearch', 'spec.nodeSets[0].count', 'adds nodes'],
  [
    'Elasticsearch',
    'spec.nodeSets[0].volumeClaimTemplates[0].spec.resources.requests.storage',
    'grows volumes while',
  ],
  [
    'Elasticsearch',
    'spec.nodeSets[0].config["node.roles"]',
    'restarts the nodes of Elasticsearch one by one, each',
  ],
  [
    'Elasticsearch',
    'spec.nodeSets[1].podTemplate.spec.priorityClassName',
    'restarts the nodes of Elasticsearch one by one, each',
  ],
  ['Elasticsearch', 'spec.http.tls.certificate.secretName', 'is read again by each node'],
  ['Elasticsearch', 'spec.updateStrategy.changeBudget.maxUnavailable', 'restarts nothing'],
  ['Elasticsearch', 'spec.monitoring', 'may restart the nodes of Elasticsearch'],
  ['StatefulSet', 'metadata.labels.team', 'restarts nothing'],
  ['StatefulSet', 'spec.replicas', 'adds pods'],
  [
    'StatefulSet',
    'spec.template.spec.containers[0].image',
    'restarts its pods one by one, the last first',
  ],
  ['StatefulSet', 'spec.updateStrategy.type', 'restarts nothing'],
  ['StatefulSet', 'spec.ordinals', 'may restart its pods one by one'],
  ['Deployment', 'metadata.labels.team', 'restarts nothing'],
  ['Deployment', 'spec.replicas', 'adds pods'],
  [
    'Deployment',
    'spec.template.metadata.annotations.digest',
    'restarts its pods, as its strategy says',
  ],
  ['Deployment', 'spec.strategy.type', 'restarts nothing'],
  ['Rollout', 'metadata.labels.team', 'restarts nothing'],
  ['Rollout', 'spec.replicas', 'adds replicas'],
  [
    'Rollout',
    'spec.template.spec.containers[0].image',
    'starts a release beside the one that runs',
  ],
  ['Rollout', 'spec.strategy.blueGreen.autoPromotionSeconds', 'restarts nothing'],
  ['Release', 'metadata.labels.team', 'restarts nothing'],
  ['Release', 'version', 'installs another version of the chart'],
  ['Release', 'values.replicaCount', 'adds replicas'],
  ['Release', 'values.resources.limits.memory', 'installs the chart with other values'],
];

test.each(ROWS)('a change of a %s at %s: %s', (kind, field, says) => {
  expect(changed(kind, field)?.slice(0, says.length)).toBe(says);
});

test('each row of the table is among them', () => {
  const all = Object.entries(RESTARTED_KINDS).flatMap(([kind, { rules }]) =>
    rules.map((rule) => [kind.split(':')[1], rule] as const),
  );
  const without = all.filter(
    ([kind, rule]) =>
      !ROWS.some(([of, field]) => {
        const fits = RESTARTED_KINDS[keyOf(of)]?.rules.find((each) => each.field.test(field));
        return of === kind && fits === rule;
      }),
  );
  expect(without.map(([kind, { field }]) => [kind, field.source])).toEqual([]);
});

test('of several fields what is felt most is said, and one that nobody has looked up is not passed over', () => {
  expect(changed('Cluster', 'spec.managed.roles[0].name', 'spec.instances')).toMatch(
    /^adds standbys/,
  );
  expect(changed('Cluster', 'spec.instances', 'spec.tablespaces')).toMatch(/^may restart each/);
  expect(changed('Cluster', 'spec.tablespaces', 'spec.imageName', 'spec.instances')).toMatch(
    /^restarts each/,
  );
});

test('what is put in the place of another one goes as a whole, and what is new, goes or has no pods restarts nothing', () => {
  const of = (kind: keyof typeof TYPES, operation: 'create' | 'replace' | 'delete') =>
    restartsOf({ type: TYPES[kind], operation, properties: [] });
  expect(of('Cluster', 'replace')).toBe(
    'deletes every instance of PostgreSQL with its volumes and makes others',
  );
  for (const { replaced } of Object.values(RESTARTED_KINDS))
    expect(replaced).toMatch(/deletes|removes/);
  expect([of('Kafka', 'create'), of('Kafka', 'delete')]).toEqual([undefined, undefined]);
  const policy = 'kubernetes:networking.k8s.io/v1:NetworkPolicy';
  const properties = [{ property: 'spec.ingress[0]', after: 1 }];
  expect(restartsOf({ type: policy, operation: 'update', properties })).toBeUndefined();
});

function keyOf(kind: keyof typeof TYPES): string {
  return Object.keys(RESTARTED_KINDS).find((key) => key.endsWith(`:${kind}`)) ?? '';
}
