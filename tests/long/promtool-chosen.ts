import { ALERT, ALERT_VALUE } from '@meridian/components/observability/rules/alert.ts';
import { prometheusRuleGroups } from '@meridian/components/observability/rules/prometheus-rules.ts';
import { recorded } from '@meridian/components/observability/rules/promql.ts';
import { rulesReadBy } from '@meridian/components/observability/rules/reads.ts';
import { ruleFile } from '@meridian/components/observability/rules/rule-file.ts';
import type { PlatformRules } from '@meridian/components/observability/rules/rules.ts';
import { INTERVAL_SECONDS, testRules } from '../engines/promtool.ts';
import type { Question, Series } from '../engines/promtool.ts';
import { promtool } from './promtool-platform.ts';
import { graph } from './promtool-values.ts';

/** A value for so many hours, and then others for the hours that each says. */
export const during = (...parts: readonly (readonly [value: string, hours: number])[]): string =>
  parts.map(([value, hours]) => `${value}x${(hours * 3_600) / INTERVAL_SECONDS - 1}`).join(' ');

/** That every service is there, for so many hours. */
export const servicesUp = (hours: number): Series =>
  Object.fromEntries(graph.services.map(({ name }) => [`up{job="${name}"}`, during(['1', hours])]));

/** The rules that some alerts need, as a file: days of them are evaluated in seconds. */
export function rulesOf(all: PlatformRules, names: readonly string[]): string {
  const read = new Set(
    names.flatMap((alert) => [
      ...rulesReadBy(all, recorded(ALERT, { alert })),
      ...rulesReadBy(all, recorded(ALERT_VALUE, { alert })),
    ]),
  );
  const groups = all.groups.map((group) => ({
    ...group,
    rules: group.rules.filter((rule) => read.has(rule)),
  }));
  const alerts = all.alerts.filter(({ name }) => names.includes(name));
  return ruleFile(
    prometheusRuleGroups({ groups: groups.filter(({ rules }) => rules.length > 0), alerts }),
  );
}

/** What promtool says of answers that are not as expected. */
export const answers = (rules: string, series: Series, ...questions: readonly Question[]): string =>
  testRules(promtool, [rules], series, questions);
