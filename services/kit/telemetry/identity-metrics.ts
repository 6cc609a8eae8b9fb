import type { Readiness } from '../ops/readiness.ts';
import type { Identity } from '../tls/identity.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { LABELS } from './names.ts';

/**
 * Shows a certificate in log and metrics, and in readiness if that is given: an expired one then makes
 * the process unready.
 */
export function observeIdentity(
  identity: Identity,
  folder: string,
  to: { readonly log: Logger; readonly metrics: Metrics; readonly readiness?: Readiness },
): void {
  const { certificateExpiry, certificateReloads } = to.metrics;
  const labels = { [LABELS.folder]: folder };
  const note = (): void =>
    certificateExpiry.set(labels, identity.current.notAfter.getTime() / 1_000);
  note();
  certificateReloads.inc(labels, 0);
  identity.listen({
    renewed: ({ notAfter }) => {
      note();
      certificateReloads.inc(labels);
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
