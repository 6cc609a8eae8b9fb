import { HEARTBEAT_ALERT, PAGER_SEVERITY } from '../paging/pager.ts';
import { ALERT } from './alert.ts';
import type { Alert } from './alert.ts';
import { annotationsOf } from './annotations.ts';
import type { PageLinks } from './annotations.ts';
import { durationText, recorded, textOf } from './promql.ts';
import { EVALUATION_INTERVAL } from './rules.ts';
import type { PlatformRules } from './rules.ts';

/** A rule as Prometheus has it; PrometheusRule of its operator has the same form. */
export type PrometheusRule =
  | {
      readonly record: string;
      readonly expr: string;
      readonly labels?: Readonly<Record<string, string>>;
    }
  | {
      readonly alert: string;
      readonly expr: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    };

/** A group of rules as Prometheus has it. */
export interface PrometheusRuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly PrometheusRule[];
}

/** How rules are written down. */
export interface PrometheusRuleOptions extends PageLinks {
  /** By which all spans of time are multiplied; less than 1 in drills alone. @default 1 */
  readonly timeScale?: number;
  /** By which the time between evaluations is multiplied, which is most of what rules cost. @default timeScale */
  readonly evaluationScale?: number;
}

/** The groups of a rule file. An alert says that a record is 1, and nothing else. */
export function prometheusRuleGroups(
  { groups, alerts }: PlatformRules,
  { timeScale = 1, evaluationScale = timeScale, ...links }: PrometheusRuleOptions = {},
): readonly PrometheusRuleGroup[] {
  return [
    ...groups.map(({ name, interval, rules }) => ({
      name,
      interval: durationText(interval, evaluationScale),
      rules: rules.map(({ record, query, labels }) => ({
        record,
        expr: textOf(query, timeScale),
        ...(labels === undefined ? {} : { labels }),
      })),
    })),
    {
      name: 'pages',
      interval: durationText(EVALUATION_INTERVAL, evaluationScale),
      rules: alerts.map((alert) => alertRule(alert, timeScale, links)),
    },
    {
      name: 'heartbeat',
      interval: durationText(EVALUATION_INTERVAL, evaluationScale),
      rules: [HEARTBEAT],
    },
  ];
}

/** It fires as long as Prometheus evaluates and Alertmanager sends: whoever misses it outside tells somebody. */
const HEARTBEAT: PrometheusRule = {
  alert: HEARTBEAT_ALERT,
  expr: 'vector(1)',
  labels: { severity: 'none' },
  annotations: { summary: 'The platform is watched' },
};

function alertRule(alert: Alert, timeScale: number, links: PageLinks): PrometheusRule {
  const { name, severity } = alert;
  return {
    alert: name,
    expr: `${textOf(recorded(ALERT, { alert: name }), timeScale)} == 1`,
    labels: { severity: PAGER_SEVERITY[severity] },
    annotations: annotationsOf(alert, links),
  };
}
