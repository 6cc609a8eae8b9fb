import type { PlatformProps } from '../platform.ts';
import { accessProblems } from './access-problems.ts';
import { callProblems } from './call-problems.ts';
import { connectionProblems } from './connection-problems.ts';
import { cycleProblems } from './cycle-problems.ts';
import { exposureProblems } from './exposure-problems.ts';
import { externalProblems } from './external-problems.ts';
import { memberProblems } from './member-problems.ts';
import { nameProblems } from './name-problems.ts';
import { objectiveProblems } from './objective-problems.ts';
import { describeProblem } from './problem.ts';
import { sizingProblems } from './sizing-problems.ts';
import { slotProblems } from './slot-problems.ts';
import { storeProblems } from './store-problems.ts';
import { topicProblems } from './topic-problems.ts';
import { zoneProblems } from './zone-problems.ts';

const CHECKS = [
  nameProblems,
  slotProblems,
  zoneProblems,
  callProblems,
  cycleProblems,
  exposureProblems,
  accessProblems,
  topicProblems,
  storeProblems,
  externalProblems,
  sizingProblems,
  objectiveProblems,
  connectionProblems,
] as const;

/** Every problem of a platform, in a stable order, each as one line; empty when it is valid. */
export function platformProblems(platform: PlatformProps): readonly string[] {
  // What is misspelt is missing where it should be, so that whatever else is said may be said of that.
  const unknown = memberProblems(platform);
  const problems = unknown.length > 0 ? unknown : CHECKS.flatMap((check) => check(platform));
  return problems.map(describeProblem);
}
