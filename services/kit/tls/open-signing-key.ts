import { resolve } from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { signingFolder } from '@meridian/language/process-folder.ts';
import type { Signature } from '@meridian/language/process-folder.ts';
import type { Runtime } from '../runtime.ts';
import { certificateMetrics } from './certificate-metrics.ts';
import { SigningKey } from './signing-key.ts';
import { spiffeIdOf } from './spiffe.ts';

/**
 * Opens the key that a process signs such messages with. It must be for the
 * process's own SPIFFE ID; it shows in log, metrics and readiness as certificates do, and is closed
 * when the process leaves. Throws a CodedError.
 */
export function openSigningKey(runtime: Runtime, signature: Signature): SigningKey {
  const { configuration, log, metrics, readiness } = runtime;
  const folder = signingFolder(signature);
  const key = SigningKey.open(resolve(runtime.workingFolder, folder));
  const found = spiffeIdOf({
    subjectaltname: key.current.certificateChain[0]?.subjectAltName ?? '',
  });
  if (found !== configuration.spiffeId) {
    key.close();
    throw new CodedError(
      'KIT_CERTIFICATE',
      `Signing key in ${key.folder}: must be for ${configuration.spiffeId}, got ${found ?? 'no SPIFFE ID'}`,
    );
  }
  const shown = certificateMetrics(metrics.registry, folder);
  shown.inUse(key.current.notAfter);
  key.listen({
    renewed: ({ kid, notAfter }) => {
      shown.inUse(notAfter);
      shown.renewed();
      log.info({ folder, kid, not_after: notAfter.toISOString() }, 'signing key renewed');
    },
    failed: (err) => log.warn({ err, folder }, 'signing key not renewed'),
  });
  readiness.add(`signing key ${folder}`, () => {
    const { notAfter } = key.current;
    if (notAfter.getTime() <= Date.now()) throw new Error(`expired at ${notAfter.toISOString()}`);
  });
  runtime.onRelease(`signing key ${folder}`, () => key.close());
  return key;
}
