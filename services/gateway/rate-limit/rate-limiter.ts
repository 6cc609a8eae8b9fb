import type { Counter } from 'prom-client';
import { RedisUnavailableError } from '@meridian/kit/redis/redis-error.ts';
import type { Redis } from '@meridian/kit/redis/redis.ts';
import { redisScript } from '@meridian/kit/redis/script.ts';
import type { RedisScript } from '@meridian/kit/redis/script.ts';
import { LABELS } from '@meridian/kit/telemetry/names.ts';
import type { RateLimit } from '@meridian/language/rate-limit.ts';
import { decide, decisionAt, emissionIntervalMs } from './gcra.ts';
import type { Decision } from './gcra.ts';

/** Who asks, and by which limit that is counted. */
export interface LimitSubject {
  /** One caller: a subject's id or a client's address. */
  readonly key: string;
  /** Name of the limit class. */
  readonly class: string;
}

/**
 * The algorithm of gcra.ts by the clock of Redis. KEYS: the caller. ARGV: interval and tolerance in
 * microseconds. Gives 1 or 0, and the microseconds until the allowance is whole. Refused requests
 * write nothing.
 */
const GCRA = redisScript(
  'rate_limit',
  `local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local before = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local after = before + ARGV[1]
if after - now > tonumber(ARGV[2]) then return {0, before - now} end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return {1, after - now}`,
);

/** Takes an interval (ARGV, in microseconds) off what the script above keeps of a caller. */
const GIVE_BACK = redisScript(
  'rate_limit_give_back',
  `local whole = redis.call('GET', KEYS[1])
if not whole then return 0 end
redis.call('SET', KEYS[1], string.format('%.0f', whole - ARGV[1]), 'KEEPTTL')
return 1`,
);

/** Callers that the local limiter remembers; the one that asked first is forgotten first. */
const MAX_LOCAL_CALLERS = 10_000;

/**
 * Limits callers by class, all replicas together in Redis; while Redis is away each replica by
 * itself.
 */
export class RateLimiter {
  readonly #redis: Redis | undefined;
  /** By class. */
  readonly limits: Readonly<Record<string, RateLimit>>;
  readonly #decisions: Counter;
  readonly #local = new Map<string, number>();

  constructor(
    redis: Redis | undefined,
    limits: Readonly<Record<string, RateLimit>>,
    decisions: Counter,
  ) {
    this.#redis = redis;
    this.limits = limits;
    this.#decisions = decisions;
  }

  /** Counts one request; throws an Error for a class that there is not. */
  async decide(subject: LimitSubject): Promise<Decision> {
    const limit = this.limitOf(subject.class);
    const shared = await this.#shared(subject, limit);
    const decision = shared ?? this.#decideLocally(subject, limit);
    this.#decisions.inc({
      [LABELS.limitClass]: subject.class,
      [LABELS.outcome]: decision.allowed ? 'allowed' : 'refused',
      [LABELS.limiter]: shared === undefined ? 'local' : 'shared',
    });
    return decision;
  }

  /** Gives back what one request took; throws an Error for a class that there is not. */
  async giveBack(subject: LimitSubject): Promise<void> {
    const limit = this.limitOf(subject.class);
    const answer = await this.#run(GIVE_BACK, subject, [intervalMicros(limit)]);
    if (answer === undefined) this.#giveBackLocally(subject, limit);
  }

  /** The limit of a class; throws an Error for one that there is not. */
  limitOf(name: string): RateLimit {
    const limit = this.limits[name];
    if (limit === undefined) throw new Error(`There is no limit class '${name}'`);
    return limit;
  }

  /** Undefined when Redis is of no use. */
  async #shared(subject: LimitSubject, limit: RateLimit): Promise<Decision | undefined> {
    const interval = intervalMicros(limit);
    const answer = await this.#run(GCRA, subject, [interval, interval * limit.burst]);
    if (!Array.isArray(answer)) return undefined;
    const [allowed, resetMicros] = answer as [number, number];
    return decisionAt(limit, allowed === 1, resetMicros / 1_000);
  }

  /** What a script answers; undefined when Redis is of no use. */
  async #run(
    script: RedisScript,
    subject: LimitSubject,
    args: readonly number[],
  ): Promise<unknown> {
    try {
      return await this.#redis?.run(script, [keyOf(subject)], args.map(String));
    } catch (error) {
      if (error instanceof RedisUnavailableError) return undefined;
      throw error;
    }
  }

  #decideLocally(subject: LimitSubject, limit: RateLimit): Decision {
    const key = keyOf(subject);
    const { decision, wholeAtMs } = decide(limit, this.#local.get(key), performance.now());
    this.#local.delete(key);
    this.#local.set(key, wholeAtMs);
    const [oldest] = this.#local.keys();
    if (this.#local.size > MAX_LOCAL_CALLERS && oldest !== undefined) this.#local.delete(oldest);
    return decision;
  }

  #giveBackLocally(subject: LimitSubject, limit: RateLimit): void {
    const key = keyOf(subject);
    const wholeAtMs = this.#local.get(key);
    if (wholeAtMs !== undefined) this.#local.set(key, wholeAtMs - emissionIntervalMs(limit));
  }
}

function intervalMicros(limit: RateLimit): number {
  return Math.ceil(emissionIntervalMs(limit) * 1_000);
}

function keyOf(subject: LimitSubject): string {
  return `limit:${subject.class}:${subject.key}`;
}
