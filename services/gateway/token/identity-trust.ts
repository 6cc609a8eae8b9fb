import { timestampMs } from '@bufbuild/protobuf/wkt';
import { IdentityService } from '@meridian/identity/contract/gen/meridian/identity/v1/identity_pb.js';
import type { RpcClient } from '@meridian/kit/clients.ts';
import { trustDomainOf } from '@meridian/kit/tls/spiffe.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { KeySet } from './key-set.ts';
import { poll } from './polling.ts';
import { Revocations } from './revocations.ts';
import { TokenCache } from './token-cache.ts';
import { TokenVerifier } from './token-verifier.ts';

/** How often identity is asked, and how long its last answers count. */
export const TRUST = {
  keyRefreshMs: 30_000,
  /** A revoked session is refused after at most this, and the time of a call. */
  revocationPollMs: 1_000,
  /** Tokens are answered with 503 when revocations could not be asked for during this time. */
  revocationMaxAgeMs: 60_000,
  /** How often identity is asked for a key that is not known yet, at most. */
  unknownKeyIntervalMs: 2_000,
  /** How long a key that identity did not know either is not asked for again. */
  unknownKeyMemoryMs: 10_000,
} as const;

/** The same, for tests that cannot wait that long. */
export type Trust = { readonly [Name in keyof typeof TRUST]: number };

const CALL_TIMEOUT_MS = 2_000;
const PAGE_SIZE = 1_000;

/**
 * A verifier of the tokens that identity issues, or undefined if identity is not among the clients.
 * It learns identity's keys and revocations by gRPC, in the background and without a context: the
 * gateway asks for itself.
 */
export function trustIdentity(
  runtime: Pick<Runtime, 'configuration' | 'log' | 'onRelease'>,
  clients: readonly RpcClient[],
  trust: Trust = TRUST,
): TokenVerifier | undefined {
  const client = clients.find(({ service }) => service.typeName === IdentityService.typeName);
  if (client === undefined) return undefined;
  const { configuration, log } = runtime;
  const { listKeys, listRevocations } = IdentityService.method;
  const options = { timeoutMs: CALL_TIMEOUT_MS, isPoll: true };
  const keys = new KeySet({
    log,
    ...trust,
    fetchKeys: async () => (await client.unary(listKeys, {}, options)).keys,
  });
  const revocations = new Revocations({
    log,
    maxAgeMs: trust.revocationMaxAgeMs,
    fetchPage: async (afterCursor) => {
      const page = await client.unary(
        listRevocations,
        { afterCursor, pageSize: PAGE_SIZE },
        options,
      );
      return {
        cursor: page.cursor,
        revocations: page.revocations.map(({ sessionId, expireTime }) => ({
          sessionId,
          // Without a time it is kept.
          expiryMs: expireTime === undefined ? Infinity : timestampMs(expireTime),
        })),
      };
    },
  });
  const polls = [
    poll(
      'keys of identity',
      () => keys.refresh(),
      // Without any key no token can be checked.
      () => (keys.loaded ? trust.keyRefreshMs : trust.revocationPollMs),
    ),
    poll(
      'revocations',
      () => revocations.refresh(),
      () => trust.revocationPollMs,
    ),
  ];
  runtime.onRelease('trust in identity', () => polls.forEach((each) => each.close()));
  const domain = trustDomainOf(configuration.spiffeId);
  return new TokenVerifier({
    keys,
    revocations,
    cache: new TokenCache(),
    issuer: `https://identity.${domain}`,
    audience: `https://api.${domain}`,
  });
}
