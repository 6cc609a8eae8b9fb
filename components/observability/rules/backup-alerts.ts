import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { ALERT } from './alert.ts';
import type { Alert } from './alert.ts';
import { ofServer, SERVER } from './instance-alerts.ts';
import { hours, minutes, promql, recorded, series } from './promql.ts';

/** Where PostgreSQL's log of changes goes, and how often its data are copied there. */
export interface ArchiveSettings {
  /** The longest time between two copies, in seconds. @default nobody copies by a schedule */
  readonly copiesApartSeconds?: number;
}

const { postgresArchiveWaiting, archiveFirstRestorePoint, archiveLastCopy } = METRIC_REGISTRY;

/** A change is in the archive a minute after it at the latest, if all is well (`archive_timeout`). */
const BEHIND_SECONDS = 600;

/** For a copy to be made: 20 GB to a bucket that takes 5 MB a second take an hour. */
const COPYING_SECONDS = 3 * 3_600;

/** Longer than the first copy of a new server, and than the operator needs to say that there is one. */
const FOR = hours(2);

const NO_RESTORE_POINT = 'NoRestorePoint';

/**
 * That what was committed is not in the archive, or nothing could be restored from it; none without an archive. Copies are
 * what CloudNativePG's plugin says of those that it made, at each instance's metrics; a bucket that nothing is known of
 * counts as an empty one. Source: plugin-barman-cloud 0.15.0, internal/cnpgi/instance/metrics.go
 */
export function backupAlerts(
  graph: PlatformGraph,
  archive: ArchiveSettings | undefined,
): readonly Alert[] {
  if (archive === undefined) return [];
  const { copiesApartSeconds } = archive;
  return [
    archiveBehind(graph),
    ...(copiesApartSeconds === undefined
      ? []
      : [noRestorePoint(graph), copyOld(graph, copiesApartSeconds)]),
  ];
}

/** A server that archives nothing shows no age: that it is there makes it one beyond every limit. */
function archiveBehind(graph: PlatformGraph): Alert {
  const up = series(METRIC_REGISTRY.engineUp, { engine: SERVER });
  const never = promql`(max(${up}) == 1) * ${Number.MAX_SAFE_INTEGER}`;
  return {
    name: 'ArchiveBehind',
    feels:
      'Nobody feels it yet: if the volumes of SERVICE were lost now, what users just did would be',
    severity: 'page',
    ...{ runbook: 'postgres-backup', unit: 'seconds' },
    limit: 'a change not in the archive 10 minutes after it, for 5 minutes',
    of: ofServer(graph, {
      ...{ alert: 'ArchiveBehind', comparison: '>', limit: BEHIND_SECONDS, span: minutes(5) },
      value: promql`max(${series(postgresArchiveWaiting)}) or ${never}`,
    }),
  };
}

function noRestorePoint(graph: PlatformGraph): Alert {
  return {
    name: NO_RESTORE_POINT,
    feels: 'Nobody feels it yet: there is nothing that the data of SERVICE could be restored from',
    severity: 'page',
    ...{ runbook: 'postgres-backup', unit: 'count' },
    limit: 'no copy in the bucket of backups that a restore could begin with, for 2 hours',
    of: ofServer(graph, {
      ...{ alert: NO_RESTORE_POINT, comparison: '>', limit: 0, span: FOR },
      value: promql`(max(${series(archiveFirstRestorePoint)}) or vector(0)) == bool 0`,
    }),
  };
}

function copyOld(graph: PlatformGraph, copiesApartSeconds: number): Alert {
  const name = 'BackupOld';
  const limit = copiesApartSeconds + COPYING_SECONDS;
  const none = recorded(ALERT, { alert: NO_RESTORE_POINT });
  return {
    name,
    feels:
      'Nobody feels it yet: a restore of SERVICE would take longer with each day, as no copy is made',
    severity: 'ticket',
    ...{ runbook: 'postgres-backup', unit: 'seconds' },
    limit: `a last copy older than ${limit / 3_600} hours, which its schedule does not allow, for 2 hours`,
    of: ofServer(
      graph,
      {
        ...{ alert: name, comparison: '>', limit, span: FOR },
        value: promql`time() - max(${series(archiveLastCopy)} > 0)`,
      },
      [none],
    ),
  };
}
