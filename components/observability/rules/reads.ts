import { ALERT, ALERT_VALUE } from './alert.ts';
import type { Alert } from './alert.ts';
import type { Matchers, Query, Recorded, Selection } from './promql.ts';
import type { RecordingRule } from './rule.ts';
import type { PlatformRules } from './rules.ts';

/** The metrics that an alert reads, through whatever is recorded on the way, by name. */
export function metricsOf(
  rules: Pick<PlatformRules, 'groups'>,
  { name }: Pick<Alert, 'name'>,
): readonly string[] {
  const matchers = { alert: name };
  const records = [ALERT, ALERT_VALUE].map((record) => ({ name: record, matchers }));
  return metricsReadBy(rules, { metrics: [], records });
}

/** The metrics that a query reads, through whatever is recorded on the way, by name. */
export function metricsReadBy(
  rules: Pick<PlatformRules, 'groups'>,
  query: Pick<Query, 'metrics' | 'records'>,
): readonly string[] {
  const read = rulesReadBy(rules, query).flatMap((rule) => rule.query.metrics);
  return [...new Set([...query.metrics, ...read])].toSorted();
}

/** The series of emitted metrics that a query reads, through whatever is recorded on the way. */
export function selectionsReadBy(
  rules: Pick<PlatformRules, 'groups'>,
  query: Pick<Query, 'selections' | 'records'>,
): readonly Selection[] {
  const read = rulesReadBy(rules, query).flatMap((rule) => rule.query.selections);
  return [...query.selections, ...read];
}

/**
 * The rules whose records a query reads, and those that they read themselves. What selects a record selects what it is made
 * of too, but for labels that its rule gives.
 */
export function rulesReadBy(
  { groups }: Pick<PlatformRules, 'groups'>,
  { records }: Pick<Query, 'records'>,
): readonly RecordingRule[] {
  const byRecord = rulesByRecord(groups);
  const found = new Set<RecordingRule>();
  const visited = new Set<string>();
  const visit = (read: Recorded): void => {
    const key = JSON.stringify(read);
    if (visited.has(key)) return;
    visited.add(key);
    const rules = byRecord.get(read.name) ?? [];
    for (const rule of rules.filter((each) => mayMatch(each, read.matchers))) {
      found.add(rule);
      const rest = Object.entries(read.matchers).filter(
        ([label]) => !(label in (rule.labels ?? {})),
      );
      for (const { name, matchers } of rule.query.records) {
        visit({ name, matchers: both(Object.fromEntries(rest), matchers) });
      }
    }
  };
  records.forEach(visit);
  return [...found];
}

/** Looked up for each alert of a platform, and the same for all of them. */
const RULES_BY_RECORD = new WeakMap<
  PlatformRules['groups'],
  ReadonlyMap<string, readonly RecordingRule[]>
>();

function rulesByRecord(
  groups: PlatformRules['groups'],
): ReadonlyMap<string, readonly RecordingRule[]> {
  const known = RULES_BY_RECORD.get(groups);
  if (known !== undefined) return known;
  const found = Map.groupBy(
    groups.flatMap((group) => group.rules),
    ({ record }) => record,
  );
  RULES_BY_RECORD.set(groups, found);
  return found;
}

/** Labels that fit each of two selections: of several values those that are wanted by both. */
function both(one: Matchers, other: Matchers): Matchers {
  const common = Object.entries(other).map(([label, wanted]) => {
    const [values, others] = [valuesOf(one[label]), valuesOf(wanted)];
    if (values === undefined) return [label, wanted] as const;
    return [
      label,
      others === undefined ? values : values.filter((value) => others.includes(value)),
    ] as const;
  });
  return { ...one, ...Object.fromEntries(common) };
}

/** The values that are wanted by name; undefined where any may fit. */
function valuesOf(wanted: Matchers[string] | undefined): readonly string[] | undefined {
  if (typeof wanted === 'string') return [wanted];
  return wanted === undefined || 'pattern' in wanted || 'except' in wanted ? undefined : wanted;
}

/** Those of the records that a query reads of which no rule records any. */
export function unrecorded(
  { groups }: Pick<PlatformRules, 'groups'>,
  { records }: Pick<Query, 'records'>,
): readonly Recorded[] {
  const rules = groups.flatMap((group) => group.rules);
  return records.filter(
    ({ name, matchers }) => !rules.some((rule) => rule.record === name && mayMatch(rule, matchers)),
  );
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
