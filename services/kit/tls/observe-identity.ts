import type { Readiness } from '../ops/readiness.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { certificateMetrics } from './certificate-metrics.ts';
import type { Identity } from './identity.ts';

/**
 * Shows a certificate in log and metrics, and in readiness if that is given: an expired one then makes
 * the process unready.
 */
export function observeIdentity(
  identity: Identity,
  folder: string,
  to: { readonly log: Logger; readonly metrics: Metrics; readonly readiness?: Readiness },
): void {
  const metrics = certificateMetrics(to.metrics.registry, folder);
  metrics.inUse(identity.current.notAfter);
  identity.listen({
    renewed: ({ notAfter }) => {
      metrics.inUse(notAfter);
      metrics.renewed();
      to.log.info({ folder, not_after: notAfter.toISOString() }, 'certificate renewed');
    },
    failed: (err) => to.log.warn({ err, folder }, 'certificate not renewed'),
  });
  to.readiness?.add(`certificate ${folder}`, () => {
    if (!identity.isValid) {
      throw new Error(`expired at ${identity.current.notAfter.toISOString()}`);
    }
  });
}
