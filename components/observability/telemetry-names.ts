/** Last part of the SPIFFE ID of the collector: it alone may read metrics, and spans are sent to it alone. */
export const COLLECTOR_IDENTITY = 'collector';

/** Identity folder of a process with which it serves its metrics. */
export const METRICS_IDENTITY_FOLDER = 'metrics-tls';

/**
 * The DNS name in the certificate of whoever takes or gives telemetry: programs in Go check names and not
 * SPIFFE URIs. Nobody resolves it.
 */
export function telemetryName(part: string): string {
  return `${part}.telemetry.meridian.internal`;
}
