import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../problem/http-problem.ts';
import { emissionIntervalMs } from './gcra.ts';
import type { Decision, RateLimit } from './gcra.ts';
import type { LimitSubject, RateLimiter } from './rate-limiter.ts';

/** The draft whose headers are sent: draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4. */
export const RATE_LIMIT_HEADERS = { policy: 'ratelimit-policy', limit: 'ratelimit' } as const;

/**
 * Who asks: the subject of a token, else an address. Only the edge reaches the gateway, and it appends
 * the address that it sees: the last one is true, whatever a client has put before it.
 */
export function subjectOf({
  headers,
  caller,
}: Pick<FastifyRequest, 'headers' | 'caller'>): LimitSubject {
  if (caller?.subject !== undefined) {
    const merchant = caller.roles.includes('merchant');
    return { key: `subject ${caller.subject}`, class: merchant ? 'merchant' : 'customer' };
  }
  const forwarded = [headers['x-forwarded-for'] ?? ''].flat().join(',').split(',');
  return { key: `address ${forwarded.at(-1)?.trim() ?? ''}`, class: 'anonymous' };
}

/** Counts a request and says so in its response's headers. @throws {HttpProblem} 429 */
export async function limitRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  limiter: RateLimiter,
): Promise<void> {
  const subject = subjectOf(request);
  const decision = await limiter.decide(subject);
  reply.headers(headersOf(subject.class, limiter.limitOf(subject.class), decision));
  if (decision.allowed) return;
  throw new HttpProblem('resource-exhausted', {
    detail: 'Too many requests from this caller; try again after the seconds in Retry-After.',
    headers: { 'retry-after': String(Math.max(1, seconds(decision.retryAfterMs))) },
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
