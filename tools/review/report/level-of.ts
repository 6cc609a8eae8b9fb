import { LEVELS, SEVERITIES } from '@meridian/policies/severity.ts';
import type { ChangeKind, Level, Severity } from '@meridian/policies/severity.ts';
import type { JudgedFinding } from '../stack-review.ts';

/** What the table says of a kind of change; of one that it does not have, what it says of an unknown one. */
export function severityOf(kind: string): Severity {
  return Object.hasOwn(SEVERITIES, kind)
    ? SEVERITIES[kind as ChangeKind]
    : SEVERITIES['unknown-change'];
}

/** How much a finding matters: what it says of itself may raise what the table says, and never lowers it. */
export function levelOf({ kind, level }: JudgedFinding): Level {
  const { level: atLeast } = severityOf(kind);
  return LEVELS.indexOf(level) < LEVELS.indexOf(atLeast) && LEVELS.includes(level)
    ? level
    : atLeast;
}
