import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RATE_LIMIT_CLASSES, RATE_LIMIT_HEADERS } from '@meridian/language/rate-limit.ts';
import type { RateLimit } from '@meridian/language/rate-limit.ts';
import { HttpProblem } from '../problem/http-problem.ts';
import { emissionIntervalMs } from './gcra.ts';
import type { Decision } from './gcra.ts';
import type { LimitSubject, RateLimiter } from './rate-limiter.ts';

/** What is known of who asks. */
type Asker = Pick<FastifyRequest, 'headers' | 'caller'>;

/** Who asks: the subject of a token, else an address. */
export function callerKey({ headers, caller }: Asker): string {
  return caller?.subject === undefined ? addressOf(headers) : `subject ${caller.subject}`;
}

/** The same with the class whose limit is for them. */
export function subjectOf(asker: Asker, limits: Readonly<Record<string, RateLimit>>): LimitSubject {
  const { caller } = asker;
  return {
    key: callerKey(asker),
    class: caller?.subject === undefined ? ANONYMOUS : classOf(caller.roles, limits),
  };
}

const ANONYMOUS: FixedClass = 'anonymous';

type FixedClass = (typeof RATE_LIMIT_CLASSES)[number];

/** The class of the role with the widest limit among those that have one of their own. */
function classOf(roles: readonly string[], limits: Readonly<Record<string, RateLimit>>): string {
  const fixed: readonly string[] = RATE_LIMIT_CLASSES;
  let found: string = 'customer' satisfies FixedClass;
  let intervalMs = Infinity;
  for (const role of roles) {
    // A role is anybody's word; only what was declared is a limit.
    const isClass = Object.hasOwn(limits, role) && !fixed.includes(role);
    const limit = isClass ? limits[role] : undefined;
    if (limit === undefined || emissionIntervalMs(limit) >= intervalMs) continue;
    found = role;
    intervalMs = emissionIntervalMs(limit);
  }
  return found;
}

/** Counts a request and says so in its response's headers. @throws {HttpProblem} 429 */
export async function limitRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  limiter: RateLimiter,
): Promise<void> {
  const subject = subjectOf(request, limiter.limits);
  const decision = await limiter.decide(subject);
  const headers = headersOf(subject.class, limiter.limitOf(subject.class), decision);
  reply.headers(headers);
  if (!decision.allowed) throw tooMany('requests from this caller', decision, headers);
}

/** Counts a webhook by the address that it comes from, and says so in its response. @throws {HttpProblem} 429 */
export async function limitWebhook(
  request: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  limiter: RateLimiter,
): Promise<void> {
  const subject = { key: addressOf(request.headers), class: 'webhook' satisfies FixedClass };
  const decision = await limiter.decide(subject);
  const headers = headersOf(subject.class, limiter.limitOf(subject.class), decision);
  reply.headers(headers);
  if (!decision.allowed) throw tooMany('webhooks from this address', decision, headers);
}

/**
 * Counts a token that is about to be verified as one that its address sends in vain. Counted before,
 * a thousand that come at once are no more than the limit.
 *
 * @returns what gives it back, for one that was not refused
 * @throws {HttpProblem} 429
 */
export async function limitToken(
  { headers }: Pick<IncomingMessage, 'headers'>,
  limiter: RateLimiter,
): Promise<() => Promise<void>> {
  const subject = { key: addressOf(headers), class: 'unverified' satisfies FixedClass };
  const decision = await limiter.decide(subject);
  if (decision.allowed) return () => limiter.giveBack(subject);
  throw tooMany(
    'refused access tokens from this address',
    decision,
    headersOf(subject.class, limiter.limitOf(subject.class), decision),
  );
}

/**
 * Only the edge reaches the gateway, and it appends the address that it sees: the last one is true,
 * whatever a client has put before it.
 */
function addressOf(headers: IncomingHttpHeaders): string {
  const forwarded = [headers['x-forwarded-for'] ?? ''].flat().join(',').split(',');
  return `address ${forwarded.at(-1)?.trim() ?? ''}`;
}

function tooMany(
  what: string,
  { retryAfterMs }: Decision,
  headers: Readonly<Record<string, string>>,
): HttpProblem {
  return new HttpProblem('resource-exhausted', {
    detail: `Too many ${what}; try again after the seconds in Retry-After.`,
    headers: { ...headers, 'retry-after': String(Math.max(1, seconds(retryAfterMs))) },
  });
}

function headersOf(
  name: string,
  limit: RateLimit,
  { remaining, resetMs }: Decision,
): Readonly<Record<string, string>> {
  const window = seconds(emissionIntervalMs(limit) * limit.burst);
  return {
    [RATE_LIMIT_HEADERS.policy]: `"${name}";q=${limit.burst};w=${Math.max(1, window)}`,
    [RATE_LIMIT_HEADERS.limit]: `"${name}";r=${remaining};t=${seconds(resetMs)}`,
  };
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1_000);
}
