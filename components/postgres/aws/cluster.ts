import { createHash } from 'node:crypto';
import { boundaryArn } from '../../aws/account-names.ts';
import type { AwsPostgresRestore, AwsSettings } from '../../aws/aws-settings.ts';
import { trustOfService } from '../../aws/policy-document.ts';
import type { AwsRole } from '../../aws/role.ts';
import type { PlatformGraph } from '../../model/graph.ts';

/**
 * RDS for PostgreSQL 17, as staging and its operator have: another major is another day's work, which stops the database.
 * RDS chooses the newest minor when it makes the cluster, and keeps it so in the window of maintenance.
 */
const ENGINE_VERSION = '17';

/** Hours in UTC in which nobody buys much, backup first. */
const BACKUP_WINDOW = '02:00-03:00';
const MAINTENANCE_WINDOW = 'sun:03:30-sun:04:30';

/** What RDS writes to CloudWatch. */
const LOGS = ['postgresql', 'upgrade'] as const;

/** Seconds between two measurements of the operating system. */
const MONITORING_SECONDS = 60;

/** Days that Performance Insights keeps without a price of its own. Source: RDS API, CreateDBCluster, PerformanceInsightsRetentionPeriod */
const INSIGHTS_DAYS = 7;

const DIGEST_LENGTH = 8;

/**
 * A Multi-AZ DB cluster: a writer and two readers, each in a zone of its own; a commit is acknowledged when a reader has it too.
 * (An instance with a standby has two zones.)
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.html
 */
export interface AwsPostgresCluster {
  /** By which AWS and people know it: alerts, logs and restores name it. */
  readonly identifier: string;
  readonly engineVersion: string;
  readonly instanceClass: string;
  readonly storageGib: number;
  readonly iops: number;
  /** Any moment of so many days can be restored. */
  readonly backupDays: number;
  readonly backupWindow: string;
  readonly maintenanceWindow: string;
  readonly logs: readonly string[];
  readonly logDays: number;
  readonly monitoringSeconds: number;
  readonly insightsDays: number;
  readonly monitoringRole: AwsRole;
  readonly restoreFrom?: AwsPostgresRestore;
}

/** The cluster of a stack. One that begins with other data is another cluster, with another name. */
export function postgresCluster(
  graph: PlatformGraph,
  { aws, environment }: AwsSettings,
): AwsPostgresCluster {
  const { account, logDays, sizes, postgresRestoreFrom: restoreFrom } = aws;
  const { instanceClass, storageGib, iops, backupDays } = sizes.postgres;
  return {
    identifier: [graph.name, environment, 'postgres', ...digestOf(restoreFrom)].join('-'),
    engineVersion: ENGINE_VERSION,
    ...{ instanceClass, storageGib, iops, backupDays },
    backupWindow: BACKUP_WINDOW,
    maintenanceWindow: MAINTENANCE_WINDOW,
    logs: LOGS,
    logDays,
    monitoringSeconds: MONITORING_SECONDS,
    insightsDays: INSIGHTS_DAYS,
    monitoringRole: {
      trust: trustOfService('monitoring.rds.amazonaws.com', account),
      boundary: boundaryArn({ account, environment }),
      managed: ['service-role/AmazonRDSEnhancedMonitoringRole'],
    },
    ...(restoreFrom === undefined ? {} : { restoreFrom }),
  };
}

function digestOf(restoreFrom: AwsPostgresRestore | undefined): readonly string[] {
  if (restoreFrom === undefined) return [];
  const digest = createHash('sha256').update(JSON.stringify(restoreFrom)).digest('hex');
  return [digest.slice(0, DIGEST_LENGTH)];
}
