import { fieldsOf, valueAt } from '@meridian/policies/fields.ts';
import { each, once, short } from './aspect.ts';
import type { Aspect } from './aspect.ts';
import { replicas, resources, spread } from './capacity.ts';
import { kafkaAcls } from './kafka-rights.ts';
import { backupRetention, keepsVolumes, retention } from './kept.ts';
import { bindingSubjects, postgresAccess, postgresRoles, roleRules } from './rights.ts';
import { believed, kafkaListeners } from './trust.ts';
import { images } from './workloads.ts';

const BACKUP_CONSEQUENCE = 'what is lost from then on is lost for good';

/** A backup that is no longer made, or goes elsewhere. */
const postgresBackups: Aspect = {
  field: /^spec\.(?:backup|plugins)\b/,
  tell: ({ before, after }, lines) => {
    const kept = lines.filter(({ property }) => property !== 'spec.backup.retentionPolicy');
    if (kept.length === 0) return [];
    const isMade = (cluster: unknown): boolean =>
      valueAt(cluster, 'spec.backup') !== undefined ||
      valueAt(cluster, 'spec.plugins') !== undefined;
    const isNew = !isMade(before) && isMade(after);
    return [
      {
        kind: isNew ? 'object-changed' : 'backup-cut',
        property: 'backup',
        before: isMade(before) ? 'there' : 'none',
        after: isMade(after) ? 'another' : 'none',
        consequence: isNew ? 'backups are made' : BACKUP_CONSEQUENCE,
      },
    ];
  },
};

/** What goes when a backup's own object does. */
const backupObject: Aspect = {
  field: /^$/,
  isOfWholes: true,
  tell: ({ operation }) =>
    operation === 'delete'
      ? [{ kind: 'backup-cut', before: 'there', after: 'none', consequence: BACKUP_CONSEQUENCE }]
      : [],
};

const LIMITS = 'what is not within them is refused or cut off';

/** What changes of databases, queues and indexes mean, of what they are kept on, and of their backups. */
export const ENGINE_KINDS: Readonly<Record<string, readonly Aspect[]>> = {
  'barmancloud.cnpg.io:ObjectStore': [
    backupObject,
    backupRetention(/^spec\.retentionPolicy$/),
    each(/^spec\.configuration\b/, 'backup-cut', 'backups go elsewhere, or no longer'),
  ],
  'kafka.strimzi.io:Kafka': [
    kafkaListeners,
    each(/^spec\.kafka\.config\["ssl\./, 'trust-changed', 'clients are let in by other rules'),
    believed(/^spec\.(?:clusterCa|clientsCa)\b/, 'brokers believe another authority'),
    retention(/^spec\.kafka\.config\["log\.retention\.(?:ms|minutes|hours|bytes)"\]$/),
    each(
      /^spec\.kafka\.config\["(?:default\.replication\.factor|min\.insync\.replicas|unclean\.|offsets\.|transaction\.|delete\.topic|share\.)/,
      'store-changed',
      'records have other copies',
    ),
    spread(/^spec\.kafka\.(?:rack|template\.podDisruptionBudget)\b/),
    images,
  ],
  'kafka.strimzi.io:KafkaNodePool': [
    replicas(/^spec\.replicas$/, 'nodes'),
    keepsVolumes(/^spec\.storage\b.*\.deleteClaim$/, (value) => value !== true),
    each(
      /^spec\.storage\b(?!.*\.deleteClaim$)/,
      'store-changed',
      'copies are kept on other volumes',
    ),
    spread(/^spec\.template\.pod\.(?:affinity|topologySpreadConstraints)\b/),
    resources(/^spec\.(?:resources|jvmOptions)\b/),
  ],
  'kafka.strimzi.io:KafkaTopic': [
    retention(/^spec\.config\["(?:retention\.(?:ms|bytes)|delete\.retention\.ms)"\]$/),
    {
      field: /^spec\.config\["cleanup\.policy"\]$/,
      tell: (_change, [line]) => [
        {
          // Compaction keeps the last record of a key, and deletion those of a time: each deletes what the other keeps.
          kind: 'retention-cut',
          property: 'cleanup.policy',
          before: short(line?.before ?? 'delete'),
          after: short(line?.after ?? 'delete'),
          consequence: 'records go by another rule',
        },
      ],
    },
    each(
      /^spec\b(?!\.config\["(?:retention\.|delete\.retention|cleanup))/,
      'topic-changed',
      'its order or its copies are others',
    ),
  ],
  'kafka.strimzi.io:KafkaUser': [
    kafkaAcls,
    each(/^spec\.authorization\.type$/, 'trust-changed', 'its rights are judged otherwise'),
    each(/^spec\.authentication\b/, 'trust-changed', 'it proves who it is another way'),
    each(/^spec\.quotas\b/, 'limits-changed', LIMITS),
  ],
  'postgresql.cnpg.io:Cluster': [
    postgresBackups,
    backupRetention(/^spec\.backup\.retentionPolicy$/),
    postgresRoles,
    postgresAccess,
    each(
      /^spec\.postgresql\.parameters\.(?:ssl\w*|password_encryption|row_security)$/,
      'trust-changed',
      'clients prove who they are, or are kept from being read, otherwise',
    ),
    each(
      /^spec\.postgresql\.parameters\.(?:fsync|full_page_writes|synchronous_\w+|wal_level)$/,
      'store-changed',
      'a commit may be lost, or is on more or fewer instances',
    ),
    each(
      /^spec\.(?:certificates|postgresql\.(?:pg_ident|ldap))\b/,
      'trust-changed',
      'another authority says which client is who',
    ),
    replicas(/^spec\.instances$/, 'instances'),
    each(
      /^spec\.(?:storage|walStorage|tablespaces)\b/,
      'store-changed',
      'volumes grow, or data are kept elsewhere',
    ),
    each(
      /^spec\.(?:postgresql\.synchronous|minSyncReplicas|maxSyncReplicas)\b/,
      'store-changed',
      'a commit is on more or fewer instances',
    ),
    spread(/^spec\.(?:topologySpreadConstraints|affinity|enablePDB)\b/),
    resources(/^spec\.resources\b/),
    images,
  ],
  'postgresql.cnpg.io:Database': [
    each(/^spec\.owner$/, 'rights-added', 'another role owns every table'),
    {
      field: /^spec\.(?:databaseReclaimPolicy|ensure)$/,
      tell: ({ after }, lines) => {
        const { databaseReclaimPolicy, ensure } = fieldsOf(valueAt(after, 'spec'));
        const [line] = lines;
        return [
          {
            kind:
              ensure === 'absent'
                ? 'data-deleted'
                : databaseReclaimPolicy === 'delete'
                  ? 'data-unprotected'
                  : 'object-changed',
            property: line?.property ?? 'spec',
            before: short(line?.before ?? 'none'),
            after: short(line?.after ?? 'none'),
            consequence: 'whether the database goes with its object is another',
          },
        ];
      },
    },
  ],
  'postgresql.cnpg.io:ScheduledBackup': [
    backupObject,
    {
      field: /^spec\.(?:suspend|schedule)$/,
      tell: (_change, lines) =>
        lines.map(({ property, before, after }) => ({
          kind: after === true ? 'backup-cut' : 'unknown-change',
          property,
          before: short(before),
          after: short(after),
          consequence: after === true ? BACKUP_CONSEQUENCE : 'backups are made at other times',
        })),
    },
    each(
      /^spec\.(?:method|target|pluginConfiguration|online)\b/,
      'backup-cut',
      'backups are made another way',
    ),
  ],
  'rbac.authorization.k8s.io:ClusterRole': [roleRules],
  'rbac.authorization.k8s.io:ClusterRoleBinding': [bindingSubjects],
  'rbac.authorization.k8s.io:Role': [roleRules],
  'rbac.authorization.k8s.io:RoleBinding': [bindingSubjects],
  'scheduling.k8s.io:PriorityClass': [
    each(
      /^(?:value|preemptionPolicy|globalDefault)$/,
      'limits-changed',
      'other pods give way first',
    ),
    once(/^description$/, 'words-changed', 'people read something else'),
  ],
  'snapshot.storage.k8s.io:VolumeSnapshotClass': [
    backupObject,
    each(
      /^(?:deletionPolicy|driver|parameters)\b/,
      'backup-cut',
      'snapshots go with their objects, or elsewhere',
    ),
  ],
  'storage.k8s.io:StorageClass': [
    each(
      /^(?:reclaimPolicy|provisioner|parameters|volumeBindingMode|allowVolumeExpansion)\b/,
      'store-changed',
      'volumes are made or kept another way',
    ),
  ],
  'trust.cert-manager.io:Bundle': [
    believed(/^spec\b/, 'whoever reads it believes other authorities'),
  ],
};
