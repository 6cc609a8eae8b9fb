import { compareText } from '@meridian/components/model/order.ts';
import { LEVELS, SEVERITIES } from '@meridian/policies/severity.ts';
import type { Finding } from './finding.ts';
import { placeByWords, placeOf } from './positions/place-of.ts';
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
        compareText(one.kind, other.kind) ||
        compareText(one.subject, other.subject) ||
        compareText(one.property ?? '', other.property ?? ''),
    );
}

function placed(finding: Finding, places: Places): Finding {
  if (finding.at !== undefined) return finding;
  const declared = finding.from === undefined ? undefined : placeOf(finding.from, places);
  // A declaration that did not change is not to blame for what a landing makes of it.
  const at =
    declared !== undefined && places.changed.has(declared.file)
      ? declared
      : placeByWords(wordsOf(finding), places.changed);
  return at === undefined ? finding : { ...finding, at };
}

/** What of a finding may stand on a line of the program: the innermost field first. */
function wordsOf({ property = '', subject, after = '', before = '' }: Finding): readonly string[] {
  const fields = [property, subject].flatMap(
    (text) => text.match(/[A-Za-z][\w-]{3,}/g)?.toReversed() ?? [],
  );
  const values = [after, before].filter((text) => /^[\w.-]{4,}$/.test(text));
  return [...new Set([...fields, ...values])].filter((word) => !COMMON.has(word));
}

/** Names that stand everywhere in a program of Kubernetes, and so point to nothing. */
const COMMON = new Set([
  ...[
    'spec',
    'metadata',
    'template',
    'containers',
    'name',
    'namespace',
    'values',
    'data',
    'meridian',
  ],
  ...['ConfigMap', 'Deployment', 'Rollout', 'Service', 'services', 'kind', 'labels', 'config'],
]);

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
