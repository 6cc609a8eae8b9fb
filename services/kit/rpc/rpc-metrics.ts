import type { SpanContext } from '@opentelemetry/api';
import type { MetricName } from '@meridian/language/metrics.ts';
import { LABELS, METRICS } from '../telemetry/names.ts';
import { counter, durations } from '../telemetry/registered.ts';
import type { MetricsRegistry } from '../telemetry/registered.ts';
import { TimedOutcomes } from '../telemetry/timed-outcomes.ts';
import type { StatusName } from './rpc-error.ts';

/** Times calls by method and status name. */
export interface TimedCalls {
  /** Has the series of an outcome be there before there is one. */
  exists(method: string, status: StatusName): void;
  /** Notes a finished call, whether it was let wait for a change, and its span. */
  note(
    method: string,
    status: StatusName,
    seconds: number,
    more?: { readonly waited?: boolean; readonly span?: SpanContext },
  ): void;
}

/** Times served RPCs. */
export function serverCallTimer(registry: MetricsRegistry): TimedCalls {
  return callTimer(registry, METRICS.rpcServerCallDuration, 'Duration of served RPCs');
}

/** Times outgoing RPCs. */
export function clientCallTimer(registry: MetricsRegistry): TimedCalls {
  return callTimer(registry, METRICS.rpcClientCallDuration, 'Duration of outgoing RPCs');
}

/** Counts wishes to send an outgoing RPC again, by method and what became of it. */
export function clientRetryCounter(
  registry: MetricsRegistry,
): (method: string, outcome: string) => void {
  const retries = counter(registry, {
    name: METRICS.rpcClientRetries,
    help: 'Outgoing RPCs that were sent again, or were not though it was wished',
  });
  return (method, outcome) => retries.labels(method, outcome).inc();
}

function callTimer(
  registry: MetricsRegistry,
  name: MetricName<'histogram'>,
  help: string,
): TimedCalls {
  const outcomes = new TimedOutcomes(durations(registry, { name, help }));
  return {
    exists: (method, status) => outcomes.exists(keyOf(method, status), labelsOf(method, status)),
    note: (method, status, seconds, { waited = false, span } = {}) =>
      outcomes.observe(
        keyOf(method, status, waited),
        () => labelsOf(method, status, waited),
        seconds,
        span,
      ),
  };
}

function keyOf(method: string, status: StatusName, waited = false): string {
  return waited ? `${method} ${status} waited` : `${method} ${status}`;
}

function labelsOf(method: string, status: StatusName, waited = false) {
  return {
    [LABELS.rpcSystemName]: 'grpc',
    [LABELS.rpcMethod]: method,
    [LABELS.rpcStatusCode]: status,
    ...(waited ? { [LABELS.waited]: 'true' } : {}),
  };
}
