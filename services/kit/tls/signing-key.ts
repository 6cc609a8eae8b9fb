import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { RenewedFolder } from './renewed-folder.ts';
import type { Renewed } from './renewed-folder.ts';

/** One version of a key that signs messages, ready for use. */
export interface SigningKeyMaterial extends Renewed {
  /** Ed25519 (RFC 8032); it never leaves the process. */
  readonly privateKey: KeyObject;
  /** The leaf first, then what leads to the trust root, without the root itself. */
  readonly certificateChain: readonly X509Certificate[];
  /** Thumbprint of the public key. Source: RFC 7638, over the members of RFC 8037 section 2. */
  readonly kid: string;
  /** When the leaf expires; nothing may be signed after it. */
  readonly notAfter: Date;
}

/** An Ed25519 key and its certificate: `Identity` for what signs messages and ends no TLS. */
export class SigningKey extends RenewedFolder<SigningKeyMaterial> {
  /** Reads tls.crt and tls.key; throws a CodedError that names what is wrong. */
  static open(folder: string): SigningKey {
    return new SigningKey(folder, readMaterial);
  }
}

/** The thumbprint of an Ed25519 public key, which serves as its `kid`. Source: RFC 7638. */
export function thumbprintOf(publicKey: KeyObject): string {
  const { crv, kty, x } = publicKey.export({ format: 'jwk' });
  // Required members only, in the order of their names, without white space.
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
}

function readMaterial(folder: string): SigningKeyMaterial {
  try {
    // One look at the link, so that both files are of one version.
    const version = realpathSync(folder);
    const certificateChain = readChain(readFileSync(join(version, 'tls.crt'), 'utf8'));
    const privateKey = createPrivateKey(readFileSync(join(version, 'tls.key')));
    const [leaf] = certificateChain;
    if (leaf === undefined) throw new Error('there is no certificate in tls.crt');
    const { publicKey } = leaf;
    if (publicKey.asymmetricKeyType !== 'ed25519') {
      throw new Error(`the key must be Ed25519, got ${publicKey.asymmetricKeyType ?? 'none'}`);
    }
    if (!leaf.checkPrivateKey(privateKey)) throw new Error('tls.key is of another certificate');
    return {
      privateKey,
      certificateChain,
      fingerprint: leaf.fingerprint256,
      kid: thumbprintOf(publicKey),
      notAfter: leaf.validToDate,
    };
  } catch (cause) {
    throw new CodedError(
      'KIT_CERTIFICATE',
      `Signing key in ${folder}: tls.crt and tls.key must be there, Ed25519, and belong together (${(cause as Error).message})`,
      { cause },
    );
  }
}

function readChain(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}
