import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rateLimitDecisions } from '@meridian/gateway/rate-limit/limit-metrics.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { TestWorld } from '@meridian/kit/testing/world.ts';
import { startRedis } from '../../tests/engines/redis.ts';
import type { ThrowAwayRedis } from '../../tests/engines/redis.ts';
import { summary } from './authentication-cost.ts';
import type { Sample } from './authentication-cost.ts';
import { measureAuthentication } from './authentication.ts';
import type { Durations } from './durations.ts';

const WIDE = { requests: 1_000_000, windowSeconds: 1, burst: 1_000_000 };

describe('the cost of authentication', () => {
  let world: TestWorld;
  let redis: ThrowAwayRedis;
  beforeAll(async () => {
    world = await TestWorld.create();
    redis = await startRedis(world.authority);
  }, 90_000);
  afterAll(async () => {
    await world.close();
    await redis.stop();
  });

  async function gateway(): Promise<Runtime> {
    const rateLimits = { customer: WIDE, unverified: WIDE };
    const folder = await world.prepare('gateway', { rateLimits });
    await world.issueSigningKey(folder, 'context-signing', 'gateway');
    const user = await redis.createUser('gateway', 'gateway:');
    await redis.bind(folder, 'gateway-redis', user);
    return (await world.start(folder)).runtime;
  }

  test('is measured part by part, with every decision taken by Redis', async () => {
    const runtime = await gateway();
    const { rounds, floors, steps, stages } = await measureAuthentication(runtime, 5);
    expect(rounds).toBe(5);
    for (const { p50, p95 } of [floors, steps, stages].flatMap((each) =>
      Object.values<Durations>(each),
    )) {
      expect(p50).toBeGreaterThan(0);
      expect(p95).toBeGreaterThanOrEqual(p50);
    }
    const { values } = await rateLimitDecisions(runtime.metrics.registry).get();
    expect(values.map(({ labels, value }) => ({ ...labels, value }))).toEqual([
      { limit_class: 'unverified', outcome: 'allowed', limiter: 'shared', value: 105 },
      { limit_class: 'customer', outcome: 'allowed', limiter: 'shared', value: 105 },
    ]);
  }, 60_000);

  test('is not told of decisions that Redis did not take', async () => {
    const runtime = await gateway();
    await redis.admin('ACL', 'SETUSER', 'gateway', '-evalsha', '-eval');
    await expect(measureAuthentication(runtime, 5)).rejects.toThrow(
      'Redis must take every decision, but 210 decisions were taken without it',
    );
  }, 60_000);

  test('is not told without Redis', async () => {
    const runtime = await gateway();
    await redis.kill();
    await expect(measureAuthentication(runtime, 5)).rejects.toMatchObject({
      code: 'REDIS_UNREACHABLE',
    });
  }, 60_000);

  test('is of a stage the sum of its parts, round by round', () => {
    const sample: Sample = {
      ...{ verification: 2, roundTrip: 4 },
      newToken: 1,
      knownToken: 2,
      newTokenCounted: 4,
      requestCounted: 8,
      contextSigned: 16,
      contextVerified: 32,
    };
    const { stages, ratios } = summary([sample]);
    expect(stages).toEqual({ knownToken: { p50: 58, p95: 58 }, newToken: { p50: 61, p95: 61 } });
    expect(ratios).toMatchObject({ newToken: 0.5, requestCounted: 2 });
  });
});
