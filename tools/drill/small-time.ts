import { ENGINE_POLL_VARIABLE } from '@meridian/language/engine-metrics.ts';
import { SCRAPE_INTERVAL_SECONDS } from '@meridian/components/observability/defaults.ts';
import { RULES_FILE } from '@meridian/components/observability/local/prometheus.ts';
import { durationText } from '@meridian/components/observability/rules/promql.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';

/** What all spans of time are multiplied by while a drill runs: an hour is six minutes. */
const TIME_SCALE = 0.1;

/** Rules are evaluated half as often as would follow: it is what a drill costs most, and delays it by two seconds. */
export const SMALL_TIME = { timeScale: TIME_SCALE, evaluationScale: 2 * TIME_SCALE } as const;

/** Prometheus with rules in small time; it takes them up within seconds, without a restart. */
export function prometheusInSmallTime(spec: ProcessSpec, rules: string): ProcessSpec {
  return { ...spec, liveFiles: { ...spec.liveFiles, [RULES_FILE]: rules } };
}

/** The collector asking as much more often as rules look. It is started again. */
export function collectorInSmallTime(spec: ProcessSpec): ProcessSpec {
  return withFile(spec, 'collector.json', (text) =>
    text.replaceAll(
      SCRAPED_EVERY,
      (_, before: string) => `${before}${durationText(SCRAPE_INTERVAL, TIME_SCALE)}"`,
    ),
  );
}

const SCRAPE_INTERVAL = { seconds: SCRAPE_INTERVAL_SECONDS } as const;
const SCRAPED_EVERY = /("(?:scrape_interval|collection_interval)":\s*")[^"]*"/g;

/** Whoever asks the engines, asking as much more often: one answer that is late is not a minute of silence. */
export function engineMetricsInSmallTime(spec: ProcessSpec): ProcessSpec {
  const pollMs = SCRAPE_INTERVAL_SECONDS * 1_000 * TIME_SCALE;
  return { ...spec, environment: { ...spec.environment, [ENGINE_POLL_VARIABLE]: String(pollMs) } };
}

/** Alertmanager that waits as much less before it tells anybody. It is started again. */
export function alertmanagerInSmallTime(spec: ProcessSpec): ProcessSpec {
  return withFile(spec, 'alertmanager.json', (text) =>
    text.replaceAll(WAITS, (_, before: string, count: string, unit: string) => {
      const seconds = Number(count) * (unit === 'm' ? 60 : 1) * TIME_SCALE;
      return `${before}${Math.max(1, Math.round(seconds))}s"`;
    }),
  );
}

const WAITS = /("group_(?:wait|interval)":\s*")(\d+)(s|m)"/g;

function withFile(spec: ProcessSpec, name: string, change: (text: string) => string): ProcessSpec {
  const text = spec.files[name];
  if (text === undefined) throw new Error(`Process '${spec.name}' has no file '${name}'`);
  return { ...spec, files: { ...spec.files, [name]: change(text) } };
}
