import type {
  PostgresBackup,
  PostgresRestore,
} from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { scheduleProblems } from '@meridian/components/kubernetes/objects/schedule-problems.ts';
import {
  isHourlyAtMost,
  longestPause,
} from '@meridian/components/postgres/kubernetes/backup-schedule.ts';
import { BACKUP_SCHEDULE_FIELDS } from '@meridian/components/postgres/kubernetes/object-rule.ts';
import { z } from 'zod';
import { OBJECT_NAME } from './kubernetes-names.ts';
import { objectStoreForm, objectStorePlace } from './object-store-place.ts';
import { jsonSetting } from './setting-schemas.ts';

/** The Secret with the keys of the store, unless the settings name another one. */
const DEFAULT_SECRET = 'postgres-backup-keys';

const DEFAULT_RETENTION_DAYS = 30;
const RETENTION_RANGE_DAYS = [1, 3_650] as const;

/** At three in the morning (UTC). */
const DEFAULT_SCHEDULE = '0 0 3 * * *';

/** Source: plugin-barman-cloud 0.15.0, config/crd/bases, ObjectStore. */
const ENCRYPTIONS = ['AES256', 'aws:kms'] as const;

const FIELDS = BACKUP_SCHEDULE_FIELDS.join(', ');
const BACKUP_RULE = `must be a JSON object ${objectStoreForm(DEFAULT_SECRET)}; with "archive" (a folder of the bucket), "retentionDays" (${RETENTION_RANGE_DAYS.join(' to ')}), "schedule" (${FIELDS}; once an hour at most) and "encryption" (${ENCRYPTIONS.join(' or ')}) where the defaults do not fit`;

const RESTORE_RULE =
  'must be a JSON object {"archive": "meridian", "time": "2026-11-28T13:30:00Z"}: a folder of the bucket, and a moment in UTC unless the last transaction is wanted';

const schedule = z
  .string()
  .refine((text) => scheduleProblems(text, BACKUP_SCHEDULE_FIELDS).length === 0)
  // What its reader takes for another time, or for none, is found out at night.
  .refine((text) => longestPause(text) !== undefined)
  .refine(isHourlyAtMost);

const backup = z.strictObject({
  ...objectStorePlace(DEFAULT_SECRET),
  archive: z.string().regex(OBJECT_NAME).exactOptional(),
  retentionDays: z
    .int()
    .min(RETENTION_RANGE_DAYS[0])
    .max(RETENTION_RANGE_DAYS[1])
    .default(DEFAULT_RETENTION_DAYS),
  schedule: schedule.default(DEFAULT_SCHEDULE),
  encryption: z.enum(ENCRYPTIONS).exactOptional(),
});

const restore = z.strictObject({
  archive: z.string().regex(OBJECT_NAME),
  time: z.iso.datetime().exactOptional(),
});

/** Where PostgreSQL keeps what it can be restored from, and from what it begins. */
export function postgresSettings() {
  return {
    postgresBackup: jsonSetting<PostgresBackup>(backup, BACKUP_RULE).optional(),
    postgresRestoreFrom: jsonSetting<PostgresRestore>(restore, RESTORE_RULE).optional(),
  };
}

interface Given {
  readonly postgresBackup?: PostgresBackup | undefined;
  readonly postgresRestoreFrom?: PostgresRestore | undefined;
}

/**
 * What is restored is written on to an archive of its own: into that of the server that it comes from, CloudNativePG lets
 * it write nothing ("Expected empty archive"), and without one what has just come back has no backup.
 * Source: plugin-barman-cloud 0.15.0, internal/cnpgi/common/check.go, CheckBackupDestination
 */
export function refuseSameArchive(
  { postgresBackup, postgresRestoreFrom }: Given,
  context: z.core.$RefinementCtx,
): void {
  if (postgresRestoreFrom === undefined) return;
  const { archive } = postgresRestoreFrom;
  const given = postgresBackup === undefined ? 'no postgresBackup' : postgresBackup.archive;
  if (postgresBackup?.archive !== undefined && given !== archive) return;
  context.addIssue({
    code: 'custom',
    path: ['postgresBackup'],
    message: `must name another "archive" than '${archive}', which postgresRestoreFrom reads: what is restored is archived again from there on, and an archive that holds something takes nothing of another server`,
    params: { given: given ?? 'no "archive"' },
  });
}

/** The settings as components take them. */
export function postgresOf({ postgresBackup, postgresRestoreFrom }: Given) {
  return {
    ...(postgresBackup === undefined ? {} : { backup: postgresBackup }),
    ...(postgresRestoreFrom === undefined ? {} : { restoreFrom: postgresRestoreFrom }),
  };
}
