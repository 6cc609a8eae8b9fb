import type { IDatabase } from '@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1/Database';
import type { IScheduledBackup } from '@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1/ScheduledBackup';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { awaited } from '../../kubernetes/manifest.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { databaseGrants } from '../../model/grants.ts';
import { LOCALE } from './cluster.ts';

/** At three in the morning (UTC): seconds, minutes, hours, days, months, weekdays. */
const BACKUP_SCHEDULE = '0 0 3 * * *';

/** The operator makes roles and databases one after the other, and again a while after a failure. */
const APPLIED_SECONDS = 300;

/** A database for each store, owned by a role that cannot log in; it outlives its object. */
export function postgresDatabases({ graph, settings }: KubernetesContext): readonly Manifest[] {
  return databaseGrants(graph).map(
    ({ database, ownerRole, binding }) =>
      ({
        apiVersion: 'postgresql.cnpg.io/v1',
        kind: 'Database',
        metadata: {
          name: binding,
          namespace: settings.namespaces.data,
          labels: { 'app.kubernetes.io/part-of': graph.name },
          annotations: awaited(APPLIED_SECONDS, 'jsonpath={.status.applied}=true'),
        },
        spec: {
          cluster: { name: graph.name },
          name: database,
          owner: ownerRole,
          template: 'template0',
          encoding: 'UTF8',
          localeCollate: LOCALE,
          localeCType: LOCALE,
          databaseReclaimPolicy: 'retain',
        },
      }) satisfies IDatabase,
  );
}

/**
 * A snapshot of a standby's volumes each night, where the stack names a class of snapshots: where the cluster has
 * none, the operator refuses the schedule, and with it the deployment.
 * Source: CloudNativePG 1.30.0, internal/webhook/v1/scheduledbackup_webhook.go, validate
 */
export function postgresBackup({ graph, settings }: KubernetesContext): readonly Manifest[] {
  if (settings.snapshotClass === undefined) return [];
  const schedule = {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'ScheduledBackup',
    metadata: {
      name: `${graph.name}-nightly`,
      namespace: settings.namespaces.data,
      labels: { 'app.kubernetes.io/part-of': graph.name },
    },
    spec: {
      cluster: { name: graph.name },
      schedule: BACKUP_SCHEDULE,
      method: 'volumeSnapshot',
      immediate: true,
      // Backups outlive the schedule, so that they can be restored after it was taken away.
      backupOwnerReference: 'none',
    },
  } satisfies IScheduledBackup;
  return [schedule];
}
