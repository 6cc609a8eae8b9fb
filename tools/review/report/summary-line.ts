import type { Section } from '@meridian/policies/severity.ts';
import type { StackReview } from '../stack-review.ts';
import { severityOf } from './level-of.ts';
import { byLevel } from './worst-first.ts';

/** The last line above the fold: zones, alerts and cost, also where there is nothing to say of them. */
export function summaryLine(review: StackReview): string {
  const { loosened, blind, lost } = review.alerts;
  const alerts = [`${loosened} loosened`, `${blind} blind`, ...(lost > 0 ? [`${lost} lost`] : [])];
  const proof = isNotAssessed(review, 'ZONES') ? ', proof not assessed' : '';
  const others = review.notAssessed.filter((text) => !/^(ZONES|COST)\b/.test(text)).length;
  return [
    `ZONES ${countsIn(review, 'Zones and capacity')}${proof}`,
    `ALERTS ${isNotAssessed(review, 'ALERTS') ? 'not assessed' : alerts.join(', ')}`,
    `COST ${isNotAssessed(review, 'COST') ? 'not assessed' : countsIn(review, 'Cost')}`,
    ...(others > 0 ? [`NOT ASSESSED ${others} more`] : []),
  ].join('   ');
}

/** What was not looked at begins with its name, such as 'COST: no prices'. */
function isNotAssessed({ notAssessed }: StackReview, what: string): boolean {
  return notAssessed.some((text) => text === what || text.startsWith(`${what}:`));
}

function countsIn({ findings }: StackReview, section: Section): string {
  const { danger, check, note } = byLevel(
    findings.filter(({ kind }) => severityOf(kind).section === section),
  );
  const parts = [
    ...(danger.length > 0
      ? [`${danger.length} ${danger.length === 1 ? 'danger' : 'dangers'}`]
      : []),
    ...(check.length > 0 ? [`${check.length} ${check.length === 1 ? 'check' : 'checks'}`] : []),
    ...(note.length > 0 ? [`${note.length} ${note.length === 1 ? 'note' : 'notes'}`] : []),
  ];
  return parts.length === 0 ? 'unchanged' : parts.join(', ');
}
