import type { Histogram, Registry } from 'prom-client';
import type { MetricName } from '@meridian/language/metrics.ts';
import { LABELS, METRICS } from '../telemetry/names.ts';
import { counter, durations } from '../telemetry/registered.ts';

/** Notes a finished call, by method and status name, and whether it was let wait for a change. */
export type CallTimer = (method: string, status: string, seconds: number, waited?: boolean) => void;

/** Times served RPCs. */
export function serverCallTimer(registry: Registry): CallTimer {
  return callTimer(registry, METRICS.rpcServerCallDuration, 'Duration of served RPCs');
}

/** Times outgoing RPCs. */
export function clientCallTimer(registry: Registry): CallTimer {
  return callTimer(registry, METRICS.rpcClientCallDuration, 'Duration of outgoing RPCs');
}

/** Counts wishes to send an outgoing RPC again, by method and what became of it. */
export function clientRetryCounter(registry: Registry): (method: string, outcome: string) => void {
  const retries = counter(registry, {
    name: METRICS.rpcClientRetries,
    help: 'Outgoing RPCs that were sent again, or were not though it was wished',
  });
  return (method, outcome) => retries.labels(method, outcome).inc();
}

function callTimer(registry: Registry, name: MetricName<'histogram'>, help: string): CallTimer {
  const { rpcSystemName, rpcMethod, rpcStatusCode, waited: waitedLabel } = LABELS;
  const histogram = durations(registry, { name, help });
  // Looking a child up by an object of labels hashes them; methods and statuses are few.
  const children = new Map<string, Histogram.Internal<string>>();
  return (method, status, seconds, waited = false) => {
    const key = waited ? `${method} ${status} waited` : `${method} ${status}`;
    let child = children.get(key);
    if (child === undefined) {
      child = histogram.labels({
        [rpcSystemName]: 'grpc',
        [rpcMethod]: method,
        [rpcStatusCode]: status,
        ...(waited ? { [waitedLabel]: 'true' } : {}),
      });
      children.set(key, child);
    }
    child.observe(seconds);
  };
}
