import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimits } from '@meridian/components/model/sizing.ts';
import type { RateLimit } from '@meridian/language/rate-limit.ts';
import { HttpProblem } from '../problem/http-problem.ts';
import { emissionIntervalMs } from './gcra.ts';
import type { Decision } from './gcra.ts';
import type { LimitSubject, RateLimiter } from './rate-limiter.ts';

/** The draft whose headers are sent: draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4. */
export const RATE_LIMIT_HEADERS = { policy: 'ratelimit-policy', limit: 'ratelimit' } as const;

/** Classes of callers that are told apart here. */
export const LIMIT_CLASSES = [
  'anonymous',
  'customer',
  'merchant',
  'unverified',
] as const satisfies readonly (keyof RateLimits)[];

/** Who asks: the subject of a token, else an address. */
export function subjectOf({
  headers,
  caller,
}: Pick<FastifyRequest, 'headers' | 'caller'>): LimitSubject {
  if (caller?.subject !== undefined) {
    const merchant = caller.roles.includes('merchant');
    return { key: `subject ${caller.subject}`, class: merchant ? 'merchant' : 'customer' };
  }
  return { key: addressOf(headers), class: 'anonymous' };
}

/** Counts a request and says so in its response's headers. @throws {HttpProblem} 429 */
export async function limitRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  limiter: RateLimiter,
): Promise<void> {
  const subject = subjectOf(request);
  const decision = await limiter.decide(subject);
  const headers = headersOf(subject.class, limiter.limitOf(subject.class), decision);
  reply.headers(headers);
  if (!decision.allowed) throw tooMany('requests from this caller', decision, headers);
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
  const subject = { key: addressOf(headers), class: 'unverified' };
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
