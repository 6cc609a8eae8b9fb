import { ALERT, ALERT_VALUE } from './alert.ts';
import type { Alert } from './alert.ts';
import type { Matchers, Recorded } from './promql.ts';
import type { RecordingRule } from './rule.ts';
import type { PlatformRules } from './rules.ts';

/** The metrics that an alert reads, through whatever is recorded on the way, by name. */
export function metricsOf(
  { groups }: PlatformRules,
  { name }: Pick<Alert, 'name'>,
): readonly string[] {
  const rules = groups.flatMap((group) => group.rules);
  const visited = new Set<RecordingRule>();
  const visit = (read: Recorded): void => {
    for (const rule of rules) {
      if (rule.record !== read.name || visited.has(rule) || !mayMatch(rule, read.matchers))
        continue;
      visited.add(rule);
      rule.query.records.forEach(visit);
    }
  };
  for (const record of [ALERT, ALERT_VALUE]) visit({ name: record, matchers: { alert: name } });
  return [...new Set([...visited].flatMap(({ query }) => query.metrics))].toSorted();
}

/** Whether what a rule records can be among what is read. */
function mayMatch({ labels = {} }: RecordingRule, matchers: Matchers): boolean {
  return Object.entries(matchers).every(([label, wanted]) => {
    const value = labels[label];
    if (value === undefined) return true;
    if (typeof wanted === 'object' && ('pattern' in wanted || 'except' in wanted)) return true;
    return [wanted].flat().includes(value);
  });
}
