import { webcrypto } from 'node:crypto';
import { KEY_ALGORITHM, SIGNATURE_KEY_ALGORITHM, x509 } from './x509.ts';

export type KeyPair = webcrypto.CryptoKeyPair;

/** Makes a P-256 key pair. */
export async function generateKeyPair(): Promise<KeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

/** Makes an Ed25519 key pair, for signatures over messages. */
export async function generateSignatureKeyPair(): Promise<KeyPair> {
  // Both halves, as always with an asymmetric algorithm; the types leave it open for this one.
  return (await webcrypto.subtle.generateKey(SIGNATURE_KEY_ALGORITHM, true, [
    'sign',
    'verify',
  ])) as KeyPair;
}

/** The private key as PKCS#8 in PEM. */
export async function exportPrivateKey(keys: KeyPair): Promise<string> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`;
}

/** Reads a private key from PKCS#8 in PEM and derives its public half. */
export async function importPrivateKey(pem: string): Promise<KeyPair> {
  const pkcs8 = x509.PemConverter.decodeFirst(pem);
  const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, KEY_ALGORITHM, true, [
    'sign',
  ]);
  const { kty, crv, x, y } = await webcrypto.subtle.exportKey('jwk', privateKey);
  const publicKey = await webcrypto.subtle.importKey(
    'jwk',
    { kty, crv, x, y } as webcrypto.JsonWebKey,
    KEY_ALGORITHM,
    true,
    ['verify'],
  );
  return { privateKey, publicKey };
}
