import { alertInputs } from '@meridian/components/observability/rules/blind-alert.ts';
import { prometheusRuleGroups } from '@meridian/components/observability/rules/prometheus-rules.ts';
import { textOf } from '@meridian/components/observability/rules/promql.ts';
import { ruleFile } from '@meridian/components/observability/rules/rule-file.ts';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { findPromtool, testRules } from '../engines/promtool.ts';
import type { Question, Series } from '../engines/promtool.ts';
import { changing, graph, growing } from './promtool-values.ts';

/** Where promtool is; nothing is asked of it where it is not built. */
export const promtool = findPromtool() ?? '';

/** How long certificates are valid. */
export const LIFETIME_SECONDS = 3_600;
const platformsRules = platformRules(graph, { certificateLifetimeSeconds: LIFETIME_SECONDS });

/** The rules of the platform, as a file. */
export const rules = ruleFile(prometheusRuleGroups(platformsRules));

/** What alerts read of every service, each once, with labels that say nothing. */
function silent(): Series {
  const inputs = graph.services.flatMap((service) =>
    alertInputs(graph, platformsRules, platformsRules.alerts, service),
  );
  const counters = inputs
    .map((input) => textOf(input, 1))
    .filter((text) => /_(count|bucket|total)\{/.test(text))
    .map((text) => text.replaceAll('=~".+"', '="-"').replace('=~"1|1\\\\.0"', '="1.0"'));
  return Object.fromEntries(counters.map((text) => [text, changing(0)]));
}

/** Two replicas of each service, engines, and events that flow. */
export function healthy(): Series {
  const events = (name: string) => {
    const topics = graph.topics.filter(({ consumers }) => consumers.includes(name));
    return topics.map((topic) => [
      `consumer_lag_seconds{job="${name}",topic="${topic.name}"}`,
      changing(0.2),
    ]);
  };
  const publishers = new Set(graph.topics.flatMap((topic) => topic.publishers));
  return Object.fromEntries([
    ...Object.entries(silent()),
    ...graph.services.flatMap(({ name }) => [
      [`up{job="${name}",instance="a"}`, changing(1)],
      [`up{job="${name}",instance="b"}`, changing(1)],
      [`tls_certificate_not_after_seconds{job="${name}",folder="tls"}`, changing(99_999)],
      [`process_open_fds{job="${name}",instance="a"}`, changing(50)],
      [`process_max_fds{job="${name}",instance="a"}`, changing(1_024)],
      ...events(name),
    ]),
    ...[...publishers].map((name) => [outboxAge(name), changing(0)]),
    ...['postgres', 'redis', 'kafka', 'elasticsearch'].map((engine) => [
      `engine_up{engine="${engine}",node="a"}`,
      changing(1),
    ]),
    // What the edge asks all the time for itself.
    [
      'rpc_client_call_duration_seconds_count{job="gateway",rpc_system_name="grpc",rpc_method="x",rpc_status_code="OK"}',
      growing(1),
    ],
    ...graph.zones.map(({ name }) => [answerAge(name), changing(7)]),
    [probedWrites('ok'), growing(0.01)],
    [probedWrites('refused'), changing(0)],
    ['audit_lag_seconds{job="audit"}', changing(1)],
    ['audit_gaps{job="audit"}', changing(0)],
    ['audit_log_stopped{job="audit"}', changing(0)],
    ['audit_reconciliation_discrepancies{job="audit"}', changing(0)],
  ]) as Series;
}

/** Series of the probe of a zone: how long ago it was answered. */
export const answerAge = (zone: string) =>
  `probe_last_answer_age_seconds{job="probe",zone="${zone}",operation="read"}`;

/** Series of the probes: how often what they wrote had an outcome. */
export const probedWrites = (outcome: 'ok' | 'refused') =>
  `probe_attempts_total{job="probe",zone="a",operation="write",outcome="${outcome}"}`;

/** Series of a publisher: how old the oldest event is that waits. */
export const outboxAge = (service: string) =>
  `outbox_oldest_unpublished_age_seconds{job="${service}"}`;

/** What promtool says of answers that are not as expected, of a platform that is healthy but for some series. */
export const asked = (series: Series, ...questions: readonly Question[]): string =>
  testRules(promtool, [rules], { ...healthy(), ...series }, questions);
