import { Registry } from 'prom-client';
import type { MetricsRegistry } from './registered.ts';

/** Metrics as text, and what it says it is. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/**
 * The metrics of a process: in OpenMetrics, with exemplars, for whoever accepts that, else in the text format of
 * Prometheus. Buckets are of what went well; of failures there is how many and how long together, as no objective
 * asks how quickly something failed, and buckets of each failure of each method would be most of all series.
 *
 * @param accept the header of whoever asks
 */
export async function expose(
  registry: MetricsRegistry,
  accept: string | undefined,
): Promise<Exposition> {
  const text = withoutBucketsOfFailures(await registry.metrics());
  return accept?.includes('application/openmetrics-text') === true
    ? { contentType: Registry.OPENMETRICS_CONTENT_TYPE, text }
    : { contentType: Registry.PROMETHEUS_CONTENT_TYPE, text: classic(text) };
}

/** Labels and value of a bucket, and its exemplar. */
const BUCKET = /^\w+_bucket\{le="(?<bound>[^"]+)",?(?<labels>.*)\} \S+(?<exemplar> # .*)?$/;

const FAILED = /(?:rpc_status_code="(?!OK")|http_response_status_code="(?![23])|error_type="(?!"))/;

/** Of a failure's buckets the last alone, with the newest exemplar of all. */
function withoutBucketsOfFailures(text: string): string {
  let newest = '';
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    const { bound, labels = '', exemplar = '' } = BUCKET.exec(line)?.groups ?? {};
    if (bound === undefined || !FAILED.test(labels)) {
      kept.push(line);
      continue;
    }
    if (timeOf(exemplar) > timeOf(newest)) newest = exemplar;
    if (bound !== '+Inf') continue;
    kept.push(exemplar === '' ? `${line}${newest}` : line.replace(exemplar, newest));
    newest = '';
  }
  return kept.join('\n');
}

function timeOf(exemplar: string): number {
  return Number(exemplar.slice(exemplar.lastIndexOf(' ') + 1));
}

/** OpenMetrics as the older format has it: counters with their whole name, no exemplars, no end. */
function classic(text: string): string {
  const counters = new Set(
    [...text.matchAll(/^# TYPE (\S+) counter$/gm)].map(([, name = '']) => name),
  );
  return text
    .replace(/\n# EOF\n$/, '\n')
    .replaceAll(/^(# (?:HELP|TYPE)) (\S+)/gm, (whole, what: string, name: string) =>
      counters.has(name) ? `${what} ${name}_total` : whole,
    )
    .replaceAll(/ # \{[^{}]*\} \S+ \S+$/gm, '');
}
