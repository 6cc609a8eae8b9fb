import type { PodsSettings } from '../../kubernetes/kubernetes-settings.ts';
import { describeProblem, quoted } from '../../model/validate/problem.ts';

/**
 * A moment to restore that has not been: PostgreSQL reads the archive to its end, finds that the moment was not reached, and
 * does not start. Source: PostgreSQL 18, "recovery_target_time"; src/backend/access/transam/xlogrecovery.c ("recovery ended
 * before configured recovery target was reached")
 *
 * @param now in milliseconds since 1970
 */
export function restoreTimeProblems(
  { file, postgres }: Pick<PodsSettings, 'file' | 'postgres'>,
  now: number,
): readonly string[] {
  const { time } = postgres.restoreFrom ?? {};
  if (time === undefined || Date.parse(time) <= now) return [];
  const problem = {
    subject: "Setting 'meridian:postgresRestoreFrom.time'",
    rule: `must be a moment that has been (it is ${new Date(now).toISOString()})`,
    given: quoted(time),
    fix: `set it in ${file}, or leave it out for all that is in the archive`,
  };
  return [describeProblem(problem)];
}
