import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openRedis } from '@meridian/kit/redis/redis.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { TestWorld } from '@meridian/kit/testing/world.ts';
import { startRedis } from '../../../tests/engines/redis.ts';
import type { TestRedisUser, ThrowAwayRedis } from '../../../tests/engines/redis.ts';
import { rateLimitDecisions } from './limit-metrics.ts';
import { RateLimiter } from './rate-limiter.ts';

/** An hour: nothing comes back while a test runs. */
const LIMITS = { anonymous: { requests: 10, windowSeconds: 36_000, burst: 5 } };
const PATIENT = { commandTimeoutMs: 10_000, connectTimeoutMs: 10_000 };

describe('a rate limiter', () => {
  let world: TestWorld;
  let server: ThrowAwayRedis;
  let user: TestRedisUser;

  beforeAll(async () => {
    world = await TestWorld.create();
    server = await startRedis(world.authority);
    user = await server.createUser('gateway', 'gateway:');
  }, 90_000);

  afterAll(async () => {
    await world.close();
    await server.stop();
  });

  async function replica() {
    const folder = await world.prepare('gateway');
    await server.bind(folder, 'gateway-redis', user);
    const { runtime } = await world.start(folder);
    const redis = openRedis(runtime, 'gateway-redis', PATIENT);
    await eventually(() => expect(redis.isConnected).toBe(true), 30_000);
    return {
      redis,
      limiter: new RateLimiter(redis, LIMITS, rateLimitDecisions(runtime.metrics.registry)),
    };
  }

  test('counts a caller over all replicas, and each caller by itself', async () => {
    const [one, other] = await Promise.all([replica(), replica()]);
    const subject = { key: '192.0.2.1', class: 'anonymous' };
    const decisions = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? one : other).limiter.decide(subject),
      ),
    );
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(5);
    expect(await one.limiter.decide(subject)).toMatchObject({ allowed: false, remaining: 0 });
    const stranger = await one.limiter.decide({ ...subject, key: '192.0.2.2' });
    expect(stranger).toMatchObject({ allowed: true, remaining: 4, retryAfterMs: 0 });
  });

  test('gives back what was taken, at any replica, and nothing to a caller that took nothing', async () => {
    const [one, other] = await Promise.all([replica(), replica()]);
    const subject = { key: '192.0.2.4', class: 'anonymous' };
    await other.limiter.giveBack(subject);
    for (let request = 0; request < 5; request += 1) await one.limiter.decide(subject);
    expect(await one.limiter.decide(subject)).toMatchObject({ allowed: false });
    await other.limiter.giveBack(subject);
    expect(await one.limiter.decide(subject)).toMatchObject({ allowed: true, remaining: 0 });
    expect(await other.limiter.decide(subject)).toMatchObject({ allowed: false });
  });

  test('goes on by itself while Redis is away', async () => {
    const { redis, limiter } = await replica();
    await server.kill();
    await eventually(() => expect(redis.isConnected).toBe(false), 30_000);
    const subject = { key: '192.0.2.3', class: 'anonymous' };
    const allowed: boolean[] = [];
    for (let request = 0; request < 7; request += 1) {
      allowed.push((await limiter.decide(subject)).allowed);
    }
    expect(allowed).toEqual([true, true, true, true, true, false, false]);
    await limiter.giveBack(subject);
    expect(await limiter.decide(subject)).toMatchObject({ allowed: true, remaining: 0 });
  });
});
