import { priorityClass } from '../../cluster/priority-classes.ts';
import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { RESTRICTED_POD } from '../../kubernetes/restricted.ts';
import { awaited } from '../../kubernetes/manifest.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { imageDigest } from '../../kubernetes/other-images.ts';
import { pullSecrets } from '../../kubernetes/pull-secrets.ts';
import { ZONE_LABEL } from '../../kubernetes/placed-in-zone.ts';
import { SERVER_CONNECTIONS } from '../../model/database-connections.ts';
import { databaseGrants } from '../../model/grants.ts';
import type { InstanceSettings } from '../../observability/rules/instance-alerts.ts';
import { SHARED_PARAMETERS } from '../postgres-configuration.ts';
import { accessRules, managedRoles, userNameMaps } from './access.ts';
import { archiving, recovery } from './archive.ts';
import { POSTGRESQL_IMAGE, postgresPods, REPLICATION_SECRET, SERVER_SECRET } from './names.ts';

/** Bytes must sort the same on every landing. */
export const LOCALE = 'C.UTF-8';

/** For the data of an instance and for its log of changes. */
const DATA_GIB = 20;
const WAL_GIB = 5;

/**
 * What the log may hold for a standby that is away: without a limit it would be all of the volume, and writes would stop. The
 * rest is for `max_wal_size`, what comes between two checkpoints, and what waits for the archive. A standby that is behind by
 * more is copied again, or reads the archive. Source: CloudNativePG 1.30.1, docs/src/replication.md, "Capping the WAL size
 * retained for replication slots"
 */
const KEPT_FOR_STANDBYS_MIB = Math.floor(WAL_GIB * 1_024 * 0.6);

/**
 * What a connection takes of the memory: a process of 1.4 MiB with a few prepared statements (measured
 * with PostgreSQL 15), TLS, and what a statement sorts in.
 */
const CONNECTION_MIB = 3;

/** PostgreSQL's own cache; the rest of the memory is that of connections, and the kernel's cache. */
const SHARED_BUFFERS_MIB = 512;

/** Background processes, the instance manager of the operator, and the tables of locks. */
const BASE_MIB = 512;

const MEMORY_GIB = Math.ceil(
  (SHARED_BUFFERS_MIB + BASE_MIB + SERVER_CONNECTIONS * CONNECTION_MIB) / 1_024,
);

/** An instance never competes for what it has been promised, so both are equal (QoS Guaranteed). */
const RESOURCES = { cpu: '1', memory: `${MEMORY_GIB}Gi` } as const;

/**
 * For one instance, as they come and are updated one after the other: a volume, an image, a copy of the primary's
 * data, a start.
 */
const INSTANCE_SECONDS = 900;

/**
 * A commit is on a standby before it is acknowledged, and the operator makes a standby the primary only if it is sure
 * to find every such commit among those that it reaches: with three instances, if both standbys answer.
 * Source: CloudNativePG 1.30.0, docs/src/failover.md, "Failover Quorum"
 */
const SYNCHRONOUS = {
  method: 'any',
  number: 1,
  dataDurability: 'required',
  failoverQuorum: true,
} as const;

/** CloudNativePG makes a database with the cluster; nobody is let into it. */
const UNUSED_DATABASE = 'unused';

/** Without data of an archive. */
const INITDB = {
  database: UNUSED_DATABASE,
  owner: UNUSED_DATABASE,
  encoding: 'UTF8',
  localeCollate: LOCALE,
  localeCType: LOCALE,
  dataChecksums: true,
} as const;

/**
 * An instance in each zone. A commit is in two zones before it is acknowledged: with one zone away it
 * goes on, with two it waits.
 */
export function postgresCluster(context: KubernetesContext): Manifest {
  const { graph, settings } = context;
  const grants = databaseGrants(graph);
  const { snapshotClass } = settings;
  const { plugins, parameters } = archiving(context);
  const restored = recovery(context, UNUSED_DATABASE);
  return {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'Cluster',
    metadata: {
      name: graph.name,
      namespace: settings.namespaces.data,
      annotations: awaited(settings.zones.length * INSTANCE_SECONDS + (restored?.seconds ?? 0)),
    },
    spec: {
      instances: settings.zones.length,
      imageName: `${POSTGRESQL_IMAGE.reference}@${imageDigest(context, POSTGRESQL_IMAGE)}`,
      ...placement(graph.name, settings.zones.length),
      bootstrap: restored?.bootstrap ?? { initdb: INITDB },
      ...(restored === undefined ? {} : { externalClusters: restored.externalClusters }),
      ...(plugins === undefined ? {} : { plugins }),
      certificates: {
        serverTLSSecret: SERVER_SECRET,
        serverCASecret: SERVER_SECRET,
        replicationTLSSecret: REPLICATION_SECRET,
        clientCASecret: REPLICATION_SECRET,
      },
      enableSuperuserAccess: false,
      postgresql: {
        synchronous: SYNCHRONOUS,
        parameters: {
          ...SHARED_PARAMETERS,
          shared_buffers: `${SHARED_BUFFERS_MIB}MB`,
          max_slot_wal_keep_size: `${KEPT_FOR_STANDBYS_MIB}MB`,
          ...parameters,
        },
        pg_hba: accessRules(grants),
        pg_ident: userNameMaps(),
      },
      managed: { roles: managedRoles(graph) },
      ...(snapshotClass === undefined ? {} : { backup: backup(snapshotClass) }),
      storage: { size: `${DATA_GIB}Gi` },
      walStorage: { size: `${WAL_GIB}Gi` },
      resources: { requests: RESOURCES, limits: RESOURCES },
      ...pullSecrets(settings),
      priorityClassName: priorityClass(graph, 'engine'),
      enablePDB: true,
      seccompProfile: RESTRICTED_POD.seccompProfile,
      primaryUpdateStrategy: 'unsupervised',
      primaryUpdateMethod: 'switchover',
    },
  } satisfies k8s.Cluster;
}

/** What alerts on instances go by: each of them but one follows it. */
export function postgresInstances({
  graph,
  settings,
}: KubernetesContext): InstanceSettings | undefined {
  if (databaseGrants(graph).length === 0) return undefined;
  return { standbys: settings.zones.length - 1, dataBytes: DATA_GIB * 1_024 ** 3 };
}

/** How a backup is made, where the cluster has a class of snapshots for it. */
function backup(className: string) {
  return {
    target: 'prefer-standby' as const,
    volumeSnapshot: {
      className,
      // A standby stops for it, so that the snapshot needs no log of changes beside it.
      online: false,
      snapshotOwnerReference: 'backup' as const,
    },
  };
}

/**
 * An instance per zone, and none in a zone that is given up. Instances follow their volume, and that is bound
 * where the Job runs that fills it; so what is counted are the pods of both, by the one label that both have,
 * and a Job goes where its instance may follow. Jobs that are done are not counted. With `minDomains` a zone
 * that has no node yet counts too: no second instance takes a place from which it could not move.
 *
 * Sources: CloudNativePG 1.30.0, pkg/specs/jobs.go, CreatePrimaryJob (the constraint is copied, the label
 * `cnpg.io/podRole` is not given); Kubernetes 1.36, pkg/scheduler/framework/plugins/podtopologyspread
 */
function placement(platform: string, zones: number) {
  return {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        minDomains: zones,
        topologyKey: ZONE_LABEL,
        whenUnsatisfiable: 'DoNotSchedule' as const,
        nodeTaintsPolicy: 'Honor' as const,
        labelSelector: { matchLabels: { ...postgresPods(platform) } },
      },
    ],
    affinity: {
      enablePodAntiAffinity: true,
      topologyKey: 'kubernetes.io/hostname',
      podAntiAffinityType: 'preferred',
    },
  };
}
