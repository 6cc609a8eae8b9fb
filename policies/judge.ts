import { EXCEPTIONS } from './exceptions.ts';
import type { Exception } from './exceptions.ts';
import type { ClusterObject, ObjectRule, Rule } from './rule.ts';

/** A rule that an object breaks. */
export interface Violation {
  readonly rule: Rule;
  readonly object: ClusterObject;
  /** What is wrong, and of which exception the time is over. */
  readonly problem: string;
}

/** What holds besides the rules. */
export interface Allowance {
  readonly exceptions: readonly Exception[];
  /** The day of the judgement, such as '2026-11-28' (UTC). */
  readonly today: string;
}

/** Holds objects against a rule. */
export function violationsOf(
  rule: Rule,
  objects: readonly ClusterObject[],
  { exceptions, today }: Allowance,
): readonly Violation[] {
  const found =
    'problemsOf' in rule
      ? objects.flatMap((object) =>
          problemsOf(rule, object).map((problem) => ({ object, problem })),
        )
      : rule.problemsAmong(objects);
  return found.flatMap(({ object, problem }) => {
    const exception = exceptions.find((one) => one.rule === rule.id && one.object === object.title);
    if (exception === undefined) return [{ rule, object, problem }];
    if (today <= exception.until) return [];
    const over = `the exception of ${exception.owner} ended on ${exception.until}`;
    return [{ rule, object, problem: `${problem} (${over})` }];
  });
}

const known = new WeakMap<ClusterObject, Map<ObjectRule, readonly string[]>>();

/** What is wrong with an object by itself, which never changes: two states of a stack have most objects alike. */
function problemsOf(rule: ObjectRule, object: ClusterObject): readonly string[] {
  const ofObject = known.get(object) ?? new Map<ObjectRule, readonly string[]>();
  const found = ofObject.get(rule);
  if (found !== undefined) return found;
  const problems = rule.problemsOf(object);
  known.set(object, ofObject.set(rule, problems));
  return problems;
}

/** The exceptions that are written down, today. */
export function allowanceToday(): Allowance {
  return { exceptions: EXCEPTIONS, today: new Date().toISOString().slice(0, 10) };
}

/** A violation in a line: the object, what is wrong, what comes of it, and where it is put right. */
export function violationText({ rule, object, problem }: Violation): string {
  return `${object.title}: ${problem}; ${rule.reason}; fix it in ${rule.fix}`;
}
