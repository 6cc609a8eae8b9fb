import type { ObjectProblem, ObjectRule } from '../../kubernetes/objects/object-problem.ts';
import { scheduleProblems } from '../../kubernetes/objects/schedule-problems.ts';

/** Parameters that are amounts of memory. Source: PostgreSQL 18, "Resource Consumption" and "Write Ahead Log". */
const OF_MEMORY: ReadonlySet<string> = new Set([
  ...['effective_cache_size', 'logical_decoding_work_mem', 'maintenance_work_mem'],
  ...[
    'max_slot_wal_keep_size',
    'max_wal_size',
    'min_wal_size',
    'shared_buffers',
    'temp_buffers',
    'wal_buffers',
    'work_mem',
  ],
]);

/** Source: PostgreSQL 18, "Parameter Names and Values": case counts, and what is left out is of the parameter. */
const MEMORY = /^-?\d+(?:\.\d+)?\s*(?:B|kB|MB|GB|TB)?$/;
const NUMBER_WITH_UNIT = /^-?\d+(?:\.\d+)?\s*(?:B|kB|MB|GB|TB|us|ms|s|min|h|d)?$/;
const BEGINS_WITH_NUMBER = /^-?\d+(?:\.\d+)?\s*[A-Za-z]+$/;

/** Of a schedule of backups. */
export const BACKUP_SCHEDULE_FIELDS = [
  'seconds',
  'minutes',
  'hours',
  'days',
  'months',
  'weekdays',
] as const;

const MEMORY_RULE = "must be a number with a unit of memory (B, kB, MB, GB, TB), such as '512MB'";
const UNIT_RULE =
  "must have a unit that PostgreSQL knows (B, kB, MB, GB, TB, us, ms, s, min, h, d), such as '512MB'";

/**
 * What CloudNativePG hands on or reads in its own way: parameters, which PostgreSQL refuses when an instance starts,
 * and schedules, of which it takes the seconds first and the weekdays only if they are there, so that five fields
 * are another time. Source: CloudNativePG 1.30, scheduledbackup_webhook.go (cron.Parse; a warning alone).
 */
export const postgresObjectRule: ObjectRule = ({ apiVersion, kind, spec }) => {
  if (apiVersion !== 'postgresql.cnpg.io/v1') return [];
  if (kind === 'ScheduledBackup') {
    const { schedule } = spec as { readonly schedule?: unknown };
    return scheduleProblems(schedule, BACKUP_SCHEDULE_FIELDS);
  }
  const { postgresql } = spec as {
    readonly postgresql?: { readonly parameters?: Readonly<Record<string, string>> };
  };
  return kind === 'Cluster' ? parameterProblems(postgresql?.parameters ?? {}) : [];
};

function parameterProblems(parameters: Readonly<Record<string, string>>): readonly ObjectProblem[] {
  return Object.entries(parameters).flatMap(([name, given]) => {
    const rule = ruleBroken(name, given);
    if (rule === undefined) return [];
    return [{ property: `spec.postgresql.parameters.${name}`, rule, given: `'${given}'` }];
  });
}

function ruleBroken(name: string, given: string): string | undefined {
  if (OF_MEMORY.has(name)) return MEMORY.test(given) ? undefined : MEMORY_RULE;
  return BEGINS_WITH_NUMBER.test(given) && !NUMBER_WITH_UNIT.test(given) ? UNIT_RULE : undefined;
}
