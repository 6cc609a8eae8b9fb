import type { ObjectProblem, ObjectRule } from './object-problem.ts';

/** Such as `@daily`, of which every reader of schedules knows some. */
const DESCRIPTOR = /^@[a-z]+$/;

/** What is wrong with a schedule that has not as many fields as its reader takes: it may be another time to it. */
export function scheduleProblems(
  schedule: unknown,
  fields: readonly string[],
): readonly ObjectProblem[] {
  if (typeof schedule !== 'string' || DESCRIPTOR.test(schedule)) return [];
  const count = schedule.trim().split(/\s+/).length;
  if (count === fields.length) return [];
  return [
    {
      property: 'spec.schedule',
      rule: `must have ${fields.length} fields (${fields.join(', ')})`,
      given: `'${schedule}' with ${count}`,
    },
  ];
}

const CRON_JOB_FIELDS = ['minutes', 'hours', 'days', 'months', 'weekdays'];

/** Of a CronJob. Source: Kubernetes, "CronJob", schedule syntax. */
export const cronJobRule: ObjectRule = ({ apiVersion, kind, spec }) =>
  apiVersion === 'batch/v1' && kind === 'CronJob'
    ? scheduleProblems((spec as { readonly schedule?: unknown }).schedule, CRON_JOB_FIELDS)
    : [];
