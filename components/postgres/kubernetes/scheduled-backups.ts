import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { ARCHIVE_PLUGIN } from './archive.ts';

/** At three in the morning (UTC): seconds, minutes, hours, days, months, weekdays. */
const SNAPSHOT_SCHEDULE = '0 0 3 * * *';

/**
 * A copy of the data in the bucket of backups, and a snapshot of a standby's volumes, each where the stack names a place
 * for it: where the cluster has no snapshots, the operator refuses the schedule, and with it the deployment.
 * Source: CloudNativePG 1.30.1, internal/webhook/v1/scheduledbackup_webhook.go, validate
 */
export function scheduledBackups(context: KubernetesContext): readonly Manifest[] {
  const { backup } = context.settings.postgres;
  const { snapshotClass } = context.settings;
  return [
    ...(backup === undefined
      ? []
      : [
          scheduledBackup(context, 'archive', {
            schedule: backup.schedule,
            method: 'plugin',
            pluginConfiguration: { name: ARCHIVE_PLUGIN },
          }),
        ]),
    ...(snapshotClass === undefined
      ? []
      : [
          scheduledBackup(context, 'nightly', {
            schedule: SNAPSHOT_SCHEDULE,
            method: 'volumeSnapshot',
          }),
        ]),
  ];
}

type Way = Pick<k8s.ScheduledBackup['spec'], 'schedule' | 'method' | 'pluginConfiguration'>;

/** The first is made at once: without one, what is archived cannot be restored. */
function scheduledBackup({ graph, settings }: KubernetesContext, name: string, way: Way): Manifest {
  return {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'ScheduledBackup',
    metadata: {
      name: `${graph.name}-${name}`,
      namespace: settings.namespaces.data,
    },
    spec: {
      cluster: { name: graph.name },
      ...way,
      immediate: true,
      // Backups outlive the schedule, so that they can be restored after it was taken away.
      backupOwnerReference: 'none',
    },
  } satisfies k8s.ScheduledBackup;
}
