import { ALERT, ALERT_VALUE } from './alert.ts';
import type { Alert, Unit } from './alert.ts';
import { BUDGET_REMAINING } from './budget.ts';
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
export interface PrometheusRuleOptions {
  /** By which all spans of time are multiplied; less than 1 in drills alone. @default 1 */
  readonly timeScale?: number;
  /** Where runbooks are read. @default RUNBOOKS */
  readonly runbooks?: string;
}

/** The folder of runbooks in the repository. */
export const RUNBOOKS = 'docs/runbooks';

/** What Alertmanager and the pager are told. Source: conventions of Prometheus and PagerDuty. */
const SEVERITY = { page: 'critical', ticket: 'warning' } as const;

/** How a template of Prometheus writes a value for people. */
const FORMATS: Readonly<Record<Unit, string>> = {
  percent: '| humanizePercentage',
  seconds: '| humanizeDuration',
  count: '| humanize',
  times: '| printf "%.1f times"',
};

/** The groups of a rule file. An alert says that a record is 1, and nothing else. */
export function prometheusRuleGroups(
  { groups, alerts }: PlatformRules,
  { timeScale = 1, runbooks = RUNBOOKS }: PrometheusRuleOptions = {},
): readonly PrometheusRuleGroup[] {
  return [
    ...groups.map(({ name, interval, rules }) => ({
      name,
      interval: durationText(interval, timeScale),
      rules: rules.map(({ record, query, labels }) => ({
        record,
        expr: textOf(query, timeScale),
        ...(labels === undefined ? {} : { labels }),
      })),
    })),
    {
      name: 'pages',
      interval: durationText(EVALUATION_INTERVAL, timeScale),
      rules: alerts.map((alert) => alertRule(alert, timeScale, runbooks)),
    },
  ];
}

function alertRule(alert: Alert, timeScale: number, runbooks: string): PrometheusRule {
  const { name, severity, runbook } = alert;
  return {
    alert: name,
    expr: `${textOf(recorded(ALERT, { alert: name }), timeScale)} == 1`,
    labels: { severity: SEVERITY[severity] },
    annotations: {
      summary: alert.feels.replace('SERVICE', '{{ $labels.service }}'),
      description: description(alert),
      runbook_url: `${runbooks}/${runbook}.md`,
    },
  };
}

/** Operations, their values and the limit; of an objective, what is left of its budget too. */
function description({ name, unit, limit }: Alert): string {
  const values = `${ALERT_VALUE}{alert=\\"${name}\\",service=%q}`;
  const remaining = `${BUDGET_REMAINING}{service=%q}`;
  const now = `{{ range query (printf "topk(3, ${values})" $labels.service) }}{{ with .Labels.operation }}{{ . }} {{ end }}{{ .Value ${FORMATS[unit]} }}, {{ end }}`;
  const left = `; left of its budget: {{ range query (printf "min(${remaining})" $labels.service) }}{{ .Value | humanizePercentage }}{{ end }}`;
  return `{{ $labels.service }}: ${now}limit: ${limit}${unit === 'times' ? left : ''}`;
}
