import type { Edit, Plant } from './plant.ts';

/**
 * What nobody before an operator can tell, since the operator alone knows it: it refuses when it is asked. That it does is held
 * in tests/cluster/operators.test.ts, where the operators run.
 */
export const OPERATOR_PLANTS: readonly Plant<Edit & { readonly object: string }>[] = [
  {
    name: 'a backup by snapshots in a cluster that has none',
    mistake: {
      object: 'ScheduledBackup meridian-nightly',
      at: ['spec', 'method'],
      value: 'volumeSnapshot',
    },
    message: 'Cannot use volumeSnapshot backup method due to missing VolumeSnapshot CRD',
  },
  {
    name: 'a parameter that the operator sets itself',
    mistake: {
      object: 'Cluster meridian',
      at: ['spec', 'postgresql', 'parameters', 'port'],
      value: '5433',
    },
    message: "Can't set fixed configuration parameter",
  },
  {
    name: 'a log of changes from which nobody can follow',
    mistake: {
      object: 'Cluster meridian',
      at: ['spec', 'postgresql', 'parameters', 'wal_level'],
      value: 'minimal',
    },
    message: '`wal_level` should be set at `logical` or `replica`',
  },
  {
    name: 'more standbys that must confirm than there are',
    mistake: {
      object: 'Cluster meridian',
      at: ['spec', 'postgresql', 'synchronous', 'number'],
      value: 3,
    },
    message: 'the number of synchronous replicas must be less than the total number of instances',
  },
  {
    name: 'a single instance that waits for a standby',
    mistake: { object: 'Cluster meridian', at: ['spec', 'instances'], value: 1 },
    message: 'the number of synchronous replicas must be less than the total number of instances',
  },
  {
    name: "a role that is the operator's own",
    mistake: {
      object: 'Cluster meridian',
      at: ['spec', 'managed', 'roles', '0', 'name'],
      value: 'streaming_replica',
    },
    message: 'This role is reserved for operator use',
  },
  {
    name: 'two roles of one name',
    mistake: {
      object: 'Cluster meridian',
      at: ['spec', 'managed', 'roles', '0', 'name'],
      value: 'catalog_owner',
    },
    message: 'Role name is duplicate of another',
  },
  {
    name: 'an image whose version nobody knows',
    mistake: {
      object: 'Cluster meridian',
      at: ['spec', 'imageName'],
      value: 'ghcr.io/cloudnative-pg/postgresql:latest',
    },
    message: "Can't use 'latest' as image tag as we can't detect upgrades",
  },
  {
    name: 'a major version of PostgreSQL that is older than the data',
    mistake: {
      object: 'Cluster meridian',
      at: ['spec', 'imageName'],
      value: 'ghcr.io/cloudnative-pg/postgresql:16.10-standard-trixie',
    },
    message: "can't downgrade from major 17 to 16",
  },
  {
    name: "a database that is PostgreSQL's own",
    mistake: { object: 'Database audit-postgres', at: ['spec', 'name'], value: 'postgres' },
    message: 'the name postgres is reserved',
  },
  {
    name: 'an older version of Elasticsearch than wrote the data',
    mistake: { object: 'Elasticsearch meridian', at: ['spec', 'version'], value: '8.18.0' },
    message: 'Downgrades are not supported',
  },
  {
    name: 'a version of Elasticsearch in two parts',
    mistake: { object: 'Elasticsearch meridian', at: ['spec', 'version'], value: '8.19' },
    message: 'String format must be {major}.{minor}.{patch}[-{label}]',
  },
  {
    name: 'two sets of nodes of one name',
    mistake: {
      object: 'Elasticsearch meridian',
      at: ['spec', 'nodeSets', '0', 'name'],
      value: 'b',
    },
    message: "duplicated nodeSet name: 'b'",
  },
  {
    name: 'roles of nodes in the old words beside the new',
    mistake: {
      object: 'Elasticsearch meridian',
      at: ['spec', 'nodeSets', '0', 'config', 'node.master'],
      value: true,
    },
    message: 'Detected a combination of node.roles and node.master',
  },
  {
    name: "a setting that is the operator's own",
    mistake: {
      object: 'Elasticsearch meridian',
      at: ['spec', 'nodeSets', '0', 'config', 'cluster.name'],
      value: 'mine',
    },
    message: 'Configuration setting is reserved for internal use',
  },
  {
    name: 'another class of storage for nodes that there are',
    mistake: {
      object: 'Elasticsearch meridian',
      at: ['spec', 'nodeSets', '0', 'volumeClaimTemplates', '0', 'spec', 'storageClassName'],
      value: 'fast',
    },
    message: 'volume claim templates can only have their storage requests increased',
  },
  {
    name: 'namespaces chosen by an operator that selectors lack',
    mistake: {
      object: 'Bundle meridian-root',
      at: ['spec', 'target', 'namespaceSelector', 'matchExpressions', '0', 'operator'],
      value: 'Within',
    },
    message: 'not a valid selector operator',
  },
  {
    name: 'fewer replicas at the most than at the least',
    mistake: { object: 'ScaledObject catalog', at: ['spec', 'maxReplicaCount'], value: 1 },
    message: 'minReplicaCount must be less than or equal to maxReplicaCount',
  },
  {
    name: 'as many replicas where nobody asks as at the least',
    mistake: { object: 'ScaledObject catalog', at: ['spec', 'idleReplicaCount'], value: 2 },
    message: 'IdleReplicaCount=2 must be less than MinReplicaCount=2',
  },
  {
    name: 'two that scale one service',
    mistake: {
      object: 'ScaledObject catalog',
      at: ['spec', 'scaleTargetRef', 'name'],
      value: 'orders',
    },
    message: "is already managed by the ScaledObject 'orders'",
  },
  {
    name: 'one autoscaler for two services',
    mistake: {
      object: 'ScaledObject catalog',
      at: ['spec', 'advanced'],
      value: { horizontalPodAutoscalerConfig: { name: 'keda-hpa-orders' } },
    },
    message: "the HPA 'keda-hpa-orders' is already managed by the ScaledObject 'orders'",
  },
  {
    name: 'load of processors as it was remembered',
    mistake: {
      object: 'ScaledObject catalog',
      at: ['spec', 'triggers', '0', 'useCachedMetrics'],
      value: true,
    },
    message: '"useCachedMetrics" is not supported for "cpu" scaler',
  },
  {
    name: 'a formula of a trigger that there is not',
    mistake: {
      object: 'ScaledObject catalog',
      at: ['spec', 'advanced'],
      value: { scalingModifiers: { formula: 'queue * 2', target: '1' } },
    },
    message: 'error validating formula in ScalingModifiers',
  },
];
