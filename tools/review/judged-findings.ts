import { LEVELS, SEVERITIES } from '@meridian/policies/severity.ts';
import type { Finding } from './finding.ts';
import { placeOf } from './positions/place-of.ts';
import type { Places } from './positions/place-of.ts';
import type { JudgedFinding, StackReview } from './stack-review.ts';

/** Gives findings their levels and the lines to blame, the worst first. */
export function judgedFindings(
  findings: readonly Finding[],
  places: Places,
): readonly JudgedFinding[] {
  return findings
    .map((finding) => ({ ...placed(finding, places), level: SEVERITIES[finding.kind].level }))
    .toSorted(
      (one, other) =>
        LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level) ||
        compare(one.kind, other.kind) ||
        compare(one.subject, other.subject) ||
        compare(one.property ?? '', other.property ?? ''),
    );
}

function placed(finding: Finding, places: Places): Finding {
  if (finding.at !== undefined || finding.from === undefined) return finding;
  const at = placeOf(finding.from, places);
  return at === undefined ? finding : { ...finding, at };
}

/** What became of alerts, in numbers. */
export function alertCounts(findings: readonly Finding[]): StackReview['alerts'] {
  const count = (...kinds: readonly Finding['kind'][]): number =>
    findings.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    loosened: count('alert-loosened', 'objective-loosened'),
    blind: count('page-blind'),
    lost: count('page-lost', 'ticket-lost'),
  };
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
