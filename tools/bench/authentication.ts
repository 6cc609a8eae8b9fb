import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import { rateLimitDecisions } from '@meridian/gateway/rate-limit/limit-metrics.ts';
import { limitToken } from '@meridian/gateway/rate-limit/limit-request.ts';
import { RateLimiter } from '@meridian/gateway/rate-limit/rate-limiter.ts';
import { KeySet } from '@meridian/gateway/token/key-set.ts';
import { Revocations } from '@meridian/gateway/token/revocations.ts';
import { TokenCache } from '@meridian/gateway/token/token-cache.ts';
import { TokenVerifier } from '@meridian/gateway/token/token-verifier.ts';
import { signAccessToken, tokenAudience } from '@meridian/identity/access-token.ts';
import { ContextPolicy } from '@meridian/kit/context/context-policy.ts';
import { ContextSigner } from '@meridian/kit/context/context-signer.ts';
import { signingFolder } from '@meridian/language/process-folder.ts';
import { openRedis } from '@meridian/kit/redis/redis.ts';
import type { Redis } from '@meridian/kit/redis/redis.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { LABELS } from '@meridian/kit/telemetry/names.ts';
import { SigningKey, thumbprintOf } from '@meridian/kit/tls/signing-key.ts';
import { summary } from './authentication-cost.ts';
import type { AuthenticationCost, Sample } from './authentication-cost.ts';
import { timed } from './durations.ts';
import { connectForPing } from './redis-ping.ts';
import type { RedisPing } from './redis-ping.ts';

const LIMITS_STORE = 'gateway-redis';
const METHOD = '/meridian.catalog.v1.CatalogService/GetProduct';
const WARM_UP_ROUNDS = 100;
const CONNECT_TIMEOUT_MS = 5_000;
const SUBJECT = { accountId: 'benchmark', sessionId: 'benchmark', roles: ['customer'] };
const CALLER = { key: `subject ${SUBJECT.accountId}`, class: 'customer' };
/** An address for documentation (RFC 5737): the count of no caller is touched. */
const SENDER = { headers: { 'x-forwarded-for': '192.0.2.1' } };
/** As long as the request for a product by its id. */
const REQUEST = Buffer.alloc(38);

/**
 * Measures the gateway's own code in this process, one thing at a time, against the floors of the same
 * rounds. Tokens are of a key made for the purpose, which nobody else trusts.
 *
 * @param runtime of a gateway: its Redis, limits and signing key are used
 * @throws {CodedError} REDIS_UNREACHABLE if Redis did not take every decision
 */
export async function measureAuthentication(
  runtime: Runtime,
  rounds: number,
): Promise<AuthenticationCost> {
  const redis = openRedis(runtime, LIMITS_STORE);
  const bare = await connectToRedis(runtime, redis);
  const contextKey = SigningKey.open(resolve(runtime.workingFolder, signingFolder('context')));
  try {
    const round = await preparedRound(runtime, redis, bare, contextKey);
    const samples: Sample[] = [];
    for (let index = -WARM_UP_ROUNDS; index < rounds; index += 1) {
      const sample = await round();
      if (index >= 0) samples.push(sample);
    }
    await requireShared(runtime);
    return summary(samples);
  } finally {
    bare.close();
    contextKey.close();
  }
}

/** What one round measures, in the order in which a request meets it. */
async function preparedRound(
  runtime: Runtime,
  redis: Redis,
  bare: RedisPing,
  contextKey: SigningKey,
): Promise<() => Promise<Sample>> {
  const { configuration, metrics } = runtime;
  const audience = tokenAudience(configuration.spiffeId);
  const { key, publicKey, verifier } = await tokens(runtime, audience);
  const limiter = new RateLimiter(
    redis,
    configuration.rateLimits,
    rateLimitDecisions(metrics.registry),
  );
  const signer = new ContextSigner(contextKey);
  const policy = contextPolicy(runtime);
  const signed = Buffer.alloc(256);
  const signature = sign(null, signed, key.privateKey);
  return async () => {
    const { token } = await signAccessToken(key, audience, SUBJECT, Date.now());
    let text = '';
    return {
      verification: await timed(() => verify(null, signed, publicKey, signature)),
      roundTrip: await timed(() => bare.ping()),
      newTokenCounted: await timed(async () => {
        const giveBack = await limitToken(SENDER, limiter);
        await giveBack();
      }),
      newToken: await timed(() => verifier.verify(token)),
      knownToken: await timed(() => {
        if (verifier.recall(token) === undefined) throw new Error('a good token was forgotten');
      }),
      requestCounted: await timed(() => limiter.decide(CALLER)),
      contextSigned: await timed(() => {
        const { accountId: subject, roles } = SUBJECT;
        const context = signer.contextFor({ subject, roles, requestId: 'benchmark' });
        text = context.textFor(METHOD, REQUEST);
      }),
      contextVerified: await timed(() =>
        policy.check({
          path: METHOD,
          peer: configuration.spiffeId,
          texts: [text],
          request: REQUEST,
        }),
      ),
    };
  };
}

/** A key of the benchmark's own, and a verifier that trusts it and nothing else. */
async function tokens({ log }: Runtime, audience: ReturnType<typeof tokenAudience>) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const kid = thumbprintOf(publicKey);
  const keys = new KeySet({
    log,
    unknownKeyIntervalMs: 0,
    unknownKeyMemoryMs: 0,
    fetchKeys: () =>
      Promise.resolve([{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid, x }]),
  });
  const revocations = new Revocations({
    log,
    maxAgeMs: Infinity,
    fetchPage: () => Promise.resolve({ revocations: [], cursor: '' }),
  });
  await Promise.all([keys.refresh(), revocations.refresh()]);
  return {
    key: { privateKey, kid },
    publicKey,
    verifier: new TokenVerifier({ keys, revocations, cache: new TokenCache(), ...audience }),
  };
}

/** What the service behind the measured call is configured with. */
function contextPolicy({ configuration, identity }: Runtime): ContextPolicy {
  const { spiffeId } = configuration;
  const rule = { actors: ['user'], roles: [], entries: { [spiffeId]: [METHOD] } } as const;
  return new ContextPolicy({ signer: spiffeId, methods: { [METHOD]: rule } }, identity);
}

async function connectToRedis(runtime: Runtime, redis: Redis): Promise<RedisPing> {
  try {
    const bare = await connectForPing(runtime, LIMITS_STORE);
    const deadline = Date.now() + CONNECT_TIMEOUT_MS;
    while (!redis.isConnected && Date.now() < deadline) await delay(10);
    return bare;
  } catch (cause) {
    throw redisUnreachable('it cannot be connected to', cause);
  }
}

async function requireShared({ metrics }: Runtime): Promise<void> {
  const { values } = await rateLimitDecisions(metrics.registry).get();
  const local = values
    .filter(({ labels }) => labels[LABELS.limiter] === 'local')
    .reduce((sum, { value }) => sum + value, 0);
  if (local > 0) throw redisUnreachable(`${local} decisions were taken without it`);
}

function redisUnreachable(found: string, cause?: unknown): CodedError {
  return new CodedError(
    'REDIS_UNREACHABLE',
    `Benchmark: Redis must take every decision, but ${found}; 'npm run logs -- redis' says why.`,
    { cause },
  );
}
