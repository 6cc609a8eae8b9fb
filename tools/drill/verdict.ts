import type { Expected } from './fault.ts';
import type { Told } from './pager.ts';

/** What a drill came to. */
export type Outcome = 'passed' | 'failed';

/** Whether the person on call was told once of one fault, and what is against it. */
export interface Verdict {
  readonly outcome: Outcome;
  /** In sentences; none where it passed. */
  readonly problems: readonly string[];
}

/** Holds what was told during a drill against what its fault declares. Pure. */
export function verdictOf(expected: Expected, told: readonly Told[]): Verdict {
  const fitting = told.filter((one) => isExpected(expected, one));
  const others = told.filter((one) => !isExpected(expected, one));
  const [first] = fitting;
  const problems = [
    ...(first === undefined ? [`Nobody was told of ${named(expected)}`] : []),
    ...(fitting.length > 1
      ? [`It was told ${fitting.length} times, with a resolution in between, where once is enough`]
      : []),
    ...others.map((one) => `A ${one.severity ?? 'message'} of ${named(one)} came as well`),
    ...(first === undefined ? [] : problemsOf(expected, first)),
  ];
  return { outcome: problems.length === 0 ? 'passed' : 'failed', problems };
}

/** Whether it is of the fault's own alert. */
export function isExpected({ alert, about }: Expected, told: Told): boolean {
  return told.alert === alert && told.about === about;
}

function problemsOf({ severity, runbook }: Expected, told: Told): readonly string[] {
  return [
    ...(told.severity === severity
      ? []
      : [`It must be a ${severity}, got a ${told.severity ?? 'message'}`]),
    ...(told.runbook.endsWith(`/${runbook}.md`)
      ? []
      : [`Its runbook must be ${runbook}.md, got '${told.runbook}'`]),
    ...(told.resolvedAt === undefined ? ['It was not resolved'] : []),
  ];
}

function named({ alert, about }: Pick<Expected, 'alert' | 'about'>): string {
  return `${alert} about ${about}`;
}
