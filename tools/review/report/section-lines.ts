import { SECTIONS } from '@meridian/policies/severity.ts';
import type { Section } from '@meridian/policies/severity.ts';
import type { JudgedFinding, StackReview } from '../stack-review.ts';
import { entriesOf } from './entry.ts';
import { fullLines, INDENT } from './entry-lines.ts';
import { severityOf } from './level-of.ts';
import { LONGEST_LINE, shownText, wrapped } from './shown-text.ts';
import { byLevel } from './worst-first.ts';

/** The sections of a review that have something to say, each after its title, in the order of the table. */
export function sectionLines(
  review: StackReview,
  told: ReadonlySet<JudgedFinding>,
): readonly string[] {
  const left = review.findings.filter((finding) => !told.has(finding));
  return SECTIONS.flatMap((section) => {
    const found = left.filter(({ kind }) => severityOf(kind).section === section);
    const lines = [...findingLines(found), ...otherLines(section, review)];
    return lines.length === 0 ? [] : [section, ...lines.map((line) => `  ${line}`), ''];
  });
}

/** Dangers and checks each with its place; notes that are alike as one, with all their names. */
function findingLines(findings: readonly JudgedFinding[]): readonly string[] {
  const { danger, check, note } = byLevel(findings);
  const entries = [
    ...entriesOf(danger, 'none'),
    ...entriesOf(check, 'none'),
    ...entriesOf(note, 'alike'),
  ];
  return entries.flatMap((entry) => fullLines('', entry, Infinity));
}

/** What a section says besides findings. */
function otherLines(section: Section, review: StackReview): readonly string[] {
  if (section === 'Not assessed') {
    return review.notAssessed.flatMap((text) =>
      wrapped(shownText(text, 800), LONGEST_LINE - 2, INDENT),
    );
  }
  if (section !== 'Policies') return [];
  const older = Object.entries(review.olderViolations).filter(([, count]) => count > 0);
  if (older.length === 0) return [];
  const all = older.reduce((sum, [, count]) => sum + count, 0);
  const rules = older.map(([rule, count]) => `${shownText(rule, 60)} ${count}`).join(', ');
  return wrapped(`${all} that the base has already: ${rules}`, LONGEST_LINE - 2, INDENT);
}
