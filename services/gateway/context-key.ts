import { resolve } from 'node:path';
import { CONTEXT_SIGNING_FOLDER } from '@meridian/kit/context/context-signer.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { SigningKey } from '@meridian/kit/tls/signing-key.ts';

/**
 * Opens the key that contexts are signed with; the gateway is ready only while its certificate is
 * valid, because no service would take what it signs.
 *
 * @throws {ConfigurationError} if there is none.
 */
export function openContextKey(runtime: Runtime): SigningKey {
  const { log, readiness, workingFolder } = runtime;
  const key = SigningKey.open(resolve(workingFolder, CONTEXT_SIGNING_FOLDER));
  const folder = CONTEXT_SIGNING_FOLDER;
  key.listen({
    renewed: ({ kid }) => log.info({ folder, kid }, 'signing key renewed'),
    failed: (err) => log.warn({ folder, err }, 'signing key not renewed; the last one goes on'),
  });
  readiness.add('context-signing', () => {
    const [leaf] = key.current.certificateChain;
    if (leaf === undefined || leaf.validToDate.getTime() <= Date.now()) {
      throw new Error('the certificate of the signing key has expired');
    }
  });
  runtime.onRelease('context signing key', () => key.close());
  return key;
}
