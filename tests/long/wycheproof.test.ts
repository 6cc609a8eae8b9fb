import { createPublicKey } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { verifyJws } from '@meridian/kit/context/compact-jws.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import { calculateJwkThumbprint } from 'jose';
import { KeySet } from '../../services/gateway/token/key-set.ts';
import { wycheproofVectors } from './wycheproof-vectors.ts';
import type { SignatureVector } from './wycheproof-vectors.ts';

let vectors: readonly SignatureVector[];
beforeAll(async () => {
  vectors = await wycheproofVectors();
}, 300_000);

/** The vectors on which a verifier is of another opinion. */
async function disagreements(
  verify: (vector: SignatureVector) => boolean | Promise<boolean>,
): Promise<readonly string[]> {
  const judged = await Promise.all(
    vectors.map(async (vector) => ({ ...vector, accepted: await verify(vector) })),
  );
  return judged
    .filter(({ valid, accepted }) => valid !== accepted)
    .map(({ id, comment, accepted }) => `${id} (${comment}) was ${accepted ? '' : 'not '}accepted`);
}

describe("Wycheproof's Ed25519 vectors", () => {
  test('are those that were reviewed', () => {
    const valid = vectors.filter((vector) => vector.valid);
    expect([vectors.length, valid.length]).toEqual([151, 88]);
    expect(new Set(vectors.map(({ id }) => id)).size).toBe(151);
  });

  test('are judged alike by what verifies signed contexts', async () => {
    const wrong = await disagreements(({ x, message, signature }) => {
      const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
      return verifyJws({ header: '', payload: '', signed: message, signature }, publicKey);
    });
    expect(wrong).toEqual([]);
  });

  test('are judged alike by what verifies access tokens', async () => {
    const kids = new Map<string, string>();
    for (const { x } of vectors) {
      kids.set(x, await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x }));
    }
    const keys = new KeySet({
      log: { warn: refuseWarning } as unknown as Logger,
      unknownKeyIntervalMs: 0,
      unknownKeyMemoryMs: 0,
      fetchKeys: () =>
        Promise.resolve(
          [...kids].map(([x, kid]) => ({
            ...{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' },
            ...{ kid, x },
          })),
        ),
    });
    const wrong = await disagreements(async ({ x, message, signature }) => {
      const key = await keys.find(kids.get(x) ?? '');
      if (key === undefined) throw new Error(`the key ${x} was not taken`);
      // What jose's jwtVerify calls for EdDSA, with the key that it is given.
      return await crypto.subtle.verify({ name: 'Ed25519' }, key, signature, message);
    });
    expect(wrong).toEqual([]);
  });
});

function refuseWarning(fields: object, message: string): never {
  throw new Error(`${message}: ${JSON.stringify(fields)}`);
}
