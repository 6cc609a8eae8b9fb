import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import type { LoweringContext } from '../../local/lowering.ts';
import { canonicalJson } from '../../model/serialise.ts';
import {
  EXEMPLARS_MAX,
  OUT_OF_ORDER_MINUTES,
  RETENTION_DAYS,
  SCRAPE_INTERVAL_SECONDS,
} from '../defaults.ts';
import { OTLP_TRANSLATION } from '../collector/exporters.ts';
import { telemetryListen } from '../local-places.ts';
import { ALERT_RESEND_DELAY } from '../paging/pager.ts';
import { TRACES } from '../rules/annotations.ts';
import { prometheusRuleGroups } from '../rules/prometheus-rules.ts';
import type { PrometheusRuleOptions } from '../rules/prometheus-rules.ts';
import { ruleFile } from '../rules/rule-file.ts';
import { platformRules } from '../rules/rules.ts';
import { localRuleSettings } from './rule-settings.ts';
import { consoleUrl } from './console.ts';
import { STORE_LIMITS } from './store-limits.ts';
import { telemetryScrapes } from './scrapes.ts';
import { hostPort, secureReadiness, telemetryProcess } from './telemetry-process.ts';
import {
  OPERATOR_IDENTITY,
  operatorIdentity,
  scrapingTls,
  TELEMETRY_TLS_FOLDER,
  webConfiguration,
} from './telemetry-tls.ts';

/** The file of the platform's rules. */
export const RULES_FILE = 'rules.yml';

/** Who may write and ask. */
const CLIENTS = ['prometheus', 'collector', 'console', OPERATOR_IDENTITY] as const;

/** Metrics, rules and alerts. What changes in its files it takes up by itself. */
export function prometheusProcess(context: LoweringContext): ProcessSpec {
  const { graph, settings } = context;
  const https = telemetryListen(settings, 'prometheus', 'https');
  return telemetryProcess(context, {
    part: 'prometheus',
    engine: 'prometheus',
    executable: 'prometheus',
    arguments: [
      '--config.file=${self}/prometheus.json',
      '--config.auto-reload',
      '--config.auto-reload-interval=10s',
      '--web.config.file=${self}/web.json',
      `--web.listen-address=${hostPort(https)}`,
      `--web.external-url=https://${hostPort(https)}`,
      '--web.enable-otlp-receiver',
      // A drill takes out again what it wrote: nobody's budget was spent.
      '--web.enable-admin-api',
      '--storage.tsdb.path=${data}',
      `--storage.tsdb.retention.time=${RETENTION_DAYS.metrics}d`,
      `--storage.tsdb.retention.size=${STORE_LIMITS.metricsMib}MB`,
      '--enable-feature=exemplar-storage',
      `--rules.alert.resend-delay=${ALERT_RESEND_DELAY}`,
      '--no-auto-gomemlimit',
      '--log.level=warn',
    ],
    files: { 'web.json': canonicalJson(webConfiguration(graph, CLIENTS)) },
    liveFiles: {
      'prometheus.json': canonicalJson(prometheusConfiguration(context)),
      [RULES_FILE]: localRules(context),
    },
    listens: { https },
    keeps: [operatorIdentity(graph)],
    memoryMib: 320,
    readiness: secureReadiness(https, '/-/ready', TELEMETRY_TLS_FOLDER),
  });
}

/** Source: Prometheus 3, "Configuration". */
function prometheusConfiguration(context: LoweringContext): object {
  const interval = `${SCRAPE_INTERVAL_SECONDS}s`;
  const alertmanager = telemetryListen(context.settings, 'alertmanager', 'https');
  return {
    global: { scrape_interval: interval, evaluation_interval: interval },
    runtime: { gogc: 50 },
    storage: {
      tsdb: { out_of_order_time_window: `${OUT_OF_ORDER_MINUTES}m` },
      exemplars: { max_exemplars: EXEMPLARS_MAX },
    },
    otlp: OTLP_TRANSLATION,
    rule_files: [RULES_FILE],
    alerting: {
      alertmanagers: [
        {
          scheme: 'https',
          tls_config: scrapingTls('alertmanager'),
          static_configs: [{ targets: [hostPort(alertmanager)] }],
        },
      ],
    },
    scrape_configs: telemetryScrapes(context),
  };
}

/**
 * The rules of this platform, as many replicas as it has here.
 * @param scales by which spans of time are multiplied: less than 1 in drills alone
 */
export function localRules(
  { graph, settings }: Pick<LoweringContext, 'graph' | 'settings'>,
  scales: Pick<PrometheusRuleOptions, 'timeScale' | 'evaluationScale'> = {},
): string {
  const rules = platformRules(graph, localRuleSettings({ graph, settings }));
  const traces = `${TRACES}; one of each edge that fails or is slow: ${consoleUrl({ settings })}`;
  return ruleFile(prometheusRuleGroups(rules, { ...scales, traces }));
}
