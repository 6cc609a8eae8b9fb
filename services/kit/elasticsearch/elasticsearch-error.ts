import { overloaded } from '../rpc/error-details.ts';
import type { RpcError } from '../rpc/rpc-error.ts';

/** What Elasticsearch says of a request that it refuses. Source: Elasticsearch 8.19, "Error responses". */
export class ElasticsearchError extends Error {
  override readonly name = 'ElasticsearchError';
  readonly status: number;
  /** Such as 'index_not_found_exception'. */
  readonly type: string;

  constructor(status: number, type: string, reason: string) {
    super(`${type}: ${reason}`);
    this.status = status;
    this.type = type;
  }
}

/** Statuses by which it says that it, and no request, is in trouble. */
const PASSING: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/** Whoever asks comes back after this. */
const RETRY_AFTER_SECONDS = 1;

/** Why Elasticsearch was of no use. */
export type ElasticsearchFailure = 'away' | 'timeout' | 'busy' | 'refused';

const failures = new WeakMap<RpcError, ElasticsearchFailure>();

/** UNAVAILABLE, whether it was asked or not: the same works when it is back. */
export function unavailable(reason: ElasticsearchFailure, cause?: unknown): RpcError {
  const error = overloaded('search is unavailable for the moment', RETRY_AFTER_SECONDS);
  if (cause !== undefined) error.cause = cause;
  failures.set(error, reason);
  return error;
}

/** What an error is called in metrics and spans. */
export function failureName(error: unknown): string {
  if (error instanceof ElasticsearchError) return error.type;
  return failures.get(error as RpcError) ?? '_OTHER';
}

/** Whether Elasticsearch answered that it, or a part of it, is in trouble. */
export function isBusy(error: unknown): boolean {
  return failureName(error) === 'busy';
}

/** The error for an answer that is none of success: UNAVAILABLE, or what was wrong with the request. */
export function refusal(status: number, body: unknown): RpcError | ElasticsearchError {
  const { type, reason } = errorOf(body);
  const error = new ElasticsearchError(status, type, reason);
  if (PASSING.has(status)) return unavailable('busy', error);
  // A password that was just replaced, or a node that does not know its users yet.
  if (status === 401) return unavailable('refused', error);
  return error;
}

/** Type and reason of an error as Elasticsearch writes it, in an answer or in an item of one. */
export function errorOf(body: unknown): { readonly type: string; readonly reason: string } {
  const { error } = (body ?? {}) as { readonly error?: unknown };
  if (typeof error !== 'object' || error === null) {
    return { type: 'unknown', reason: typeof error === 'string' ? error : 'no reason was given' };
  }
  const { type, reason } = error as { readonly type?: unknown; readonly reason?: unknown };
  return { type: String(type), reason: String(reason) };
}
