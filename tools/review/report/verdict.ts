import type { StackReview } from '../stack-review.ts';
import { shownText } from './shown-text.ts';
import { byLevel } from './worst-first.ts';

/** What is said of a stack in which nothing differs. */
export const NO_CHANGE = 'no change for anyone';

/** How a stack is judged, in a few words, such as '1 DANGER, 2 checks'. */
export function verdictOf(review: StackReview): string {
  const { danger, check, note } = byLevel(review.findings);
  const parts = [
    counted(danger.length, 'DANGER', 'DANGERS'),
    counted(check.length, 'check', 'checks'),
    counted(note.length, 'note', 'notes'),
  ].filter((part) => part !== '');
  if (parts.length > 0) return parts.join(', ');
  return isUnchanged(review) ? NO_CHANGE : 'nothing that anybody would notice';
}

function counted(count: number, one: string, several: string): string {
  if (count === 0) return '';
  return `${count} ${count === 1 ? one : several}`;
}

/** Whether nothing at all differs: neither a finding, nor the graph, nor a resource. */
export function isUnchanged({ isSame, findings, totals }: StackReview): boolean {
  const { replaced, changed, new: created, deleted } = totals;
  return isSame && findings.length === 0 && replaced + changed + created + deleted === 0;
}

/** Which revisions were compared, and whose tool did it. */
export function revisionsText({ base, head, judge }: StackReview): string {
  return `${shortRevision(base)}..${shortRevision(head)}, judged by ${shortRevision(judge)}`;
}

function shortRevision(revision: string): string {
  return /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 7) : shownText(revision, 20);
}

/** How many resources there are, and what becomes of them; those that are left out are none. */
export function totalsText({ totals }: StackReview): string {
  const { replaced, changed, new: created, deleted, same } = totals;
  const parts = Object.entries({ replaced, deleted, changed, new: created, same })
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`);
  const all = replaced + changed + created + deleted + same;
  return `${all} ${all === 1 ? 'resource' : 'resources'}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
}

/** By what the change is approved, if it can be. */
export function approvalText({ digest }: StackReview): string {
  return digest === undefined
    ? 'It cannot be approved: there is no digest, as two runs of the program differ.'
    : `Approve with ${shownText(digest, 80)}`;
}
