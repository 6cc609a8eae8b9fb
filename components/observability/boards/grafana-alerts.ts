import { ALERT } from '../rules/alert.ts';
import type { Alert } from '../rules/alert.ts';
import { recorded, textOf } from '../rules/promql.ts';
import { EVALUATION_INTERVAL } from '../rules/rules.ts';
import { DATA_SOURCE } from './data-sources.ts';

/** Names of the two steps of a rule: what is recorded, and that it is 1. */
const RECORD = 'A';
const IS_ONE = 'B';

/**
 * Every alert as a rule of Grafana's, which says that the record of Prometheus' rules is 1 and nothing else, so
 * that both agree. Whom it tells nobody has said: Alertmanager alone pages, or a fault would be two pages.
 * Source: Grafana 13, "Use configuration files to provision alerting resources".
 */
export function grafanaAlerts(alerts: readonly Alert[]): object {
  return {
    apiVersion: 1,
    groups: [
      {
        orgId: 1,
        name: 'meridian',
        folder: 'Meridian',
        interval: `${EVALUATION_INTERVAL.seconds}s`,
        rules: alerts.map(rule),
      },
    ],
  };
}

function rule({ name, feels, severity, runbook }: Alert): object {
  return {
    uid: `meridian-${name.toLowerCase()}`.slice(0, 40),
    title: name,
    condition: IS_ONE,
    for: '0s',
    // A record is absent where nobody can tell.
    noDataState: 'OK',
    execErrState: 'Error',
    labels: { severity },
    annotations: {
      // Two dollars are one in a file of provisioning.
      summary: feels.replace('SERVICE', () => '{{ $$labels.service }}'),
      runbook_url: `docs/runbooks/${runbook}.md`,
    },
    data: [
      {
        refId: RECORD,
        datasourceUid: DATA_SOURCE.metrics,
        relativeTimeRange: { from: 300, to: 0 },
        model: {
          refId: RECORD,
          expr: textOf(recorded(ALERT, { alert: name }), 1),
          instant: true,
        },
      },
      {
        refId: IS_ONE,
        datasourceUid: '__expr__',
        model: {
          refId: IS_ONE,
          type: 'threshold',
          expression: RECORD,
          conditions: [{ evaluator: { type: 'gt', params: [0] } }],
        },
      },
    ],
  };
}
