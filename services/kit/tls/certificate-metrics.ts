import { LABELS, METRICS } from '../telemetry/names.ts';
import { counter, gauge } from '../telemetry/registered.ts';
import type { MetricsRegistry } from '../telemetry/registered.ts';

/** Shows the certificate of one folder. */
export interface CertificateMetrics {
  /** Notes the one in use, by when it expires. */
  inUse(notAfter: Date): void;
  /** Notes one that took the place of another. */
  renewed(): void;
}

/** The metrics of the certificates that a process has, by their folders. */
export function certificateMetrics(registry: MetricsRegistry, folder: string): CertificateMetrics {
  const labels = { [LABELS.folder]: folder };
  const expiry = gauge(registry, {
    name: METRICS.certificateExpiry,
    help: 'When the certificate in use expires, in seconds since the epoch',
  });
  const reloads = counter(registry, {
    name: METRICS.certificateReloads,
    help: 'Certificates taken over after the first',
  });
  reloads.inc(labels, 0);
  return {
    inUse: (notAfter) => expiry.set(labels, notAfter.getTime() / 1_000),
    renewed: () => reloads.inc(labels),
  };
}
