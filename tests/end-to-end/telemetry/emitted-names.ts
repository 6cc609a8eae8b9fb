import { LOG_ATTRIBUTES } from '@meridian/components/observability/collector/processors.ts';
import { LOG_ERROR_FIELDS } from '@meridian/language/log-error-fields.ts';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { SPAN_ATTRIBUTES, TELEMETRY_ATTRIBUTES } from '@meridian/language/telemetry-attributes.ts';
import { recordedSeries } from '../../../tools/sight/recorded-series.ts';
import { unknownNames } from '../../sight/unknown-names.ts';
import type { Sample, StoredTrace } from './platform-stores.ts';

/** Names of one kind of telemetry that no registry has, and those of the registry that nothing emitted. */
export interface Names {
  readonly unknown: readonly string[];
  readonly neverEmitted: readonly string[];
}

const REGISTERED: readonly string[] = Object.values(METRIC_REGISTRY).map(({ name }) => name);

/** What Jaeger makes of parts of a span that are not attributes. */
const OF_JAEGER = ['span.kind', 'error', 'otel.status_code', 'otel.scope.name'];

/** What the store of logs has of a line beside fields: its text, its time, its stream, its level, its trace, its reader. */
const OF_LINES =
  /^(?:_msg|_time|_stream|_stream_id|severity_(?:text|number)|trace_id|span_id|scope\.(?:name|version))$/;

/** The store makes fields of a map, with names behind its name. */
const ERRORS = ['errors', ...LOG_ERROR_FIELDS].map((name) => `err.${name}`);

/** Of the metrics of services, and of what the registry has of engines. */
export function metricNames(samples: readonly Sample[], services: readonly string[]): Names {
  const labelled = samples.map(({ value, ...labels }) => ({ labels, value: Number(value) }));
  const recorded = recordedSeries(labelled, services, new Set(REGISTERED));
  const emitted = new Set(recorded.map(({ metric }) => metric));
  return {
    unknown: unknownNames(recorded),
    neverEmitted: REGISTERED.filter((name) => !emitted.has(name)),
  };
}

/** Of the attributes of spans. */
export function attributeNames(traces: readonly StoredTrace[]): Names {
  const emitted = new Set(
    traces.flatMap(({ spans }) => spans.flatMap(({ tags }) => tags.map(({ key }) => key))),
  );
  const known = new Set([...TELEMETRY_ATTRIBUTES, ...OF_JAEGER]);
  return {
    unknown: [...emitted].filter((name) => !known.has(name)),
    neverEmitted: SPAN_ATTRIBUTES.filter((name) => !emitted.has(name)),
  };
}

/** Fields of lines that no registry has. */
export function unknownFields(fields: readonly string[]): readonly string[] {
  const known = new Set([...LOG_ATTRIBUTES, ...ERRORS]);
  return fields.filter((name) => !known.has(name) && !OF_LINES.test(name));
}
