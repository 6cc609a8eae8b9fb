import type { JudgedFinding, StackReview } from '../../stack-review.ts';
import { severityOf } from '../level-of.ts';
import type { Finding } from '../../finding.ts';

/** A finding of the level that the table gives its kind. */
export function judged(finding: Partial<Finding> & Pick<Finding, 'kind'>): JudgedFinding {
  const { level } = severityOf(finding.kind);
  return { subject: 'catalog', among: 'services', consequence: 'it differs', level, ...finding };
}

/** A review with what is given. */
export function reviewOf(given: Partial<StackReview>): StackReview {
  return {
    schemaVersion: 1,
    stack: 'staging',
    base: '4f2c9e1d'.padEnd(40, '0'),
    head: 'a81b03d4'.padEnd(40, '0'),
    judge: '4f2c9e1d'.padEnd(40, '0'),
    digest: `sha256:${'9c1e'.repeat(16)}`,
    totals: { replaced: 0, changed: 0, new: 0, deleted: 0, same: 214 },
    findings: [],
    olderViolations: {},
    alerts: { loosened: 0, blind: 0, lost: 0 },
    notAssessed: [],
    isSame: false,
    ...given,
  };
}

/** The review that the report was drawn up by: a danger, and two checks. */
export const refundsReview = reviewOf({
  totals: { replaced: 1, changed: 5, new: 2, deleted: 0, same: 206 },
  findings: [
    judged({
      kind: 'newly-reachable',
      subject: 'anonymous → POST /v1/refunds → payments.Refund',
      among: 'routes',
      before: 'role support',
      after: 'authorisation removed',
      consequence: 'anybody on the internet gives money back',
      at: { file: 'services/payments/service.ts', line: 58 },
    }),
    judged({
      kind: 'call-added',
      subject: 'search → payments.ListPayments',
      among: 'calls',
      consequence: 'opens a NetworkPolicy and an allow-list; no path from a user uses it',
      at: { file: 'services/search/service.ts', line: 22 },
    }),
    judged({
      kind: 'objective-loosened',
      subject: 'catalog',
      property: 'reads p99',
      before: '200',
      after: '400 ms',
      consequence: 'its page comes later',
      at: { file: 'services/catalog/service.ts', line: 71 },
    }),
    judged({ kind: 'alert-added', subject: 'SearchSlow', among: 'alerts' }),
  ],
  alerts: { loosened: 1, blind: 0, lost: 0 },
  notAssessed: ['ZONES: the proof needs a change of its own', 'COST: no prices'],
});
