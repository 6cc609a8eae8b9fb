import { compareText } from '@meridian/components/model/order.ts';
import { LEVELS, SEVERITIES } from '@meridian/policies/severity.ts';
import type { Finding, Position } from './finding.ts';
import { blamedHunk, isOfRules } from './positions/blamed-hunk.ts';
import { placeOf } from './positions/place-of.ts';
import type { Places } from './positions/place-of.ts';
import type { JudgedFinding, StackReview } from './stack-review.ts';

/** Gives findings their levels and the lines to blame, the worst first. */
export function judgedFindings(
  findings: readonly Finding[],
  places: Places,
): readonly JudgedFinding[] {
  return findings
    .map((finding) => ({
      ...withoutClue(placed(finding, places)),
      level: SEVERITIES[finding.kind].level,
    }))
    .toSorted(
      (one, other) =>
        LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level) ||
        compareText(one.kind, other.kind) ||
        compareText(one.subject, other.subject) ||
        compareText(one.property ?? '', other.property ?? ''),
    );
}

function placed(finding: Finding, places: Places): Finding {
  if (finding.at !== undefined) return finding;
  const { from } = finding;
  const declared = from === undefined ? undefined : placeOf(from, places);
  // A declaration that did not change is not to blame for what a landing makes of it.
  const changed = declared !== undefined && isOnChanged(declared, places) ? declared : undefined;
  const isOfMember = from?.member !== undefined || from?.word !== undefined;
  const at =
    changed !== undefined && isOfMember && !isOfRules(finding)
      ? changed
      : (blamedHunk(finding, places, declared?.file) ?? (isOfMember ? changed : undefined));
  return at === undefined ? finding : { ...finding, at };
}

/** A clue is for whoever looks for the line, and nobody else. */
function withoutClue(finding: Finding): Finding {
  const { clue, ...told } = finding;
  return clue === undefined ? finding : told;
}

function isOnChanged({ file, line }: Position, { changed }: Places): boolean {
  const touched = changed.get(file);
  return [...(touched?.added ?? []), ...(touched?.removed ?? [])].some((one) => one.line === line);
}

/** What became of alerts, in numbers. */
export function alertCounts(findings: readonly Finding[]): StackReview['alerts'] {
  const count = (...kinds: readonly Finding['kind'][]): number =>
    findings.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    loosened: count('alert-loosened', 'objective-loosened', 'page-late', 'page-rerouted'),
    blind: count('page-blind'),
    lost: count('page-lost', 'ticket-lost'),
  };
}
