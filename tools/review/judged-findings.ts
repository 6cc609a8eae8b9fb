import { UNKNOWN_VALUE } from '@meridian/provider-rehearsal/provider/protocol-marks.ts';
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
  return withRoots(findings.map((finding) => placed(finding, places)))
    .map((finding) => ({ ...withoutClue(finding), level: SEVERITIES[finding.kind].level }))
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

/**
 * What is made again because what it refers to is, such as a cluster of another network, is blamed on the line of that, where all that is made
 * again for its own sake is of one line: what it will be told nobody has written down.
 */
function withRoots(findings: readonly Finding[]): readonly Finding[] {
  const follows = ({ clue }: Finding): boolean => clue?.after === UNKNOWN_VALUE;
  const roots = findings.filter((one) => one.clue !== undefined && !follows(one));
  const places = new Map(roots.map(({ at }) => [at === undefined ? '' : placeText(at), at]));
  const [root, ...others] = places.values();
  if (root === undefined || others.length > 0) return findings;
  return findings.map((one) => (one.at === undefined && follows(one) ? { ...one, at: root } : one));
}

function placeText({ file, line }: Position): string {
  return `${file}:${line}`;
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
