import { describe, expect, test } from '@jest/globals';
import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '@meridian/kit/contract/gen/google/rpc/status_pb.js';
import { errorWithReason } from '@meridian/kit/rpc/error-details.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { StatusName } from '@meridian/kit/rpc/rpc-error.ts';
import { problemFromRpc } from './from-rpc.ts';

/** An error as a client throws it, with `grpc-status-details-bin` in its trailers. */
function withDetails(status: StatusName, details: Uint8Array): RpcError {
  const metadata = { get: () => [Buffer.from(details)] } as unknown as RpcError['metadata'] &
    object;
  return new RpcError(status, 'page_size is wrong', { metadata });
}

const badRequest = anyPack(
  BadRequestSchema,
  create(BadRequestSchema, {
    fieldViolations: [
      { field: 'products[3].price.currency_code', description: 'must be three letters' },
      { field: 'attributes["a_b"]', description: 'is too long' },
    ],
  }),
);
const retry = anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay: { seconds: 7n } }));
const status = (details: (typeof retry)[]): Uint8Array =>
  toBinary(StatusSchema, create(StatusSchema, { details }));

describe('a failed call', () => {
  test('passes its field violations on, by their JSON names', () => {
    const problem = problemFromRpc(withDetails('INVALID_ARGUMENT', status([retry, badRequest])));
    expect(problem.violations).toEqual([
      { field: 'products[3].price.currencyCode', detail: 'must be three letters' },
      { field: 'attributes["a_b"]', detail: 'is too long' },
    ]);
    expect(problem.message).toBe('page_size is wrong');
  });

  test('passes the delay on that it asks for', () => {
    const problem = problemFromRpc(withDetails('UNAVAILABLE', status([retry])));
    expect(problem.headers).toEqual({ 'retry-after': '7' });
    expect(problemFromRpc(new RpcError('RESOURCE_EXHAUSTED', '')).headers).toEqual({
      'retry-after': '1',
    });
  });

  test.each([
    ['always', /try again shortly\.$/],
    ['under-key', /not known: send it again with the same Idempotency-Key/],
    ['never', /not known: look before it is sent again/],
  ] as const)(
    'without an answer, and %s repeatable, says what can be done',
    (repeatability, told) => {
      const origin = { service: 'things', method: 'm', repeatability };
      for (const status of ['UNAVAILABLE', 'DEADLINE_EXCEEDED'] as const) {
        const problem = problemFromRpc(new RpcError(status, 'x', { origin }));
        expect(problem.message).toMatch(told);
        expect(problem.headers).toEqual({ 'retry-after': '1' });
      }
    },
  );

  test('keeps the violations of a failure of ours to itself', () => {
    expect(problemFromRpc(withDetails('INTERNAL', status([badRequest]))).violations).toEqual([]);
  });

  test('stands even if its details cannot be read', () => {
    const problem = problemFromRpc(withDetails('NOT_FOUND', Buffer.from('nonsense')));
    expect([problem.problem, problem.violations]).toEqual(['not-found', []]);
  });

  test.each([
    ['FAILED_PRECONDITION', 'IDEMPOTENCY_KEY_REUSED', 'idempotency-key-reused', 422],
    ['ABORTED', 'ETAG_MISMATCH', 'etag-mismatch', 412],
    ['FAILED_PRECONDITION', 'STOCK_RESERVED', 'stock-reserved', 409],
    ['FAILED_PRECONDITION', 'STOCK_ABOVE_MAXIMUM', 'stock-above-maximum', 409],
    ['FAILED_PRECONDITION', 'ORDER_NOT_PAYABLE', 'order-not-payable', 409],
    ['FAILED_PRECONDITION', 'ORDER_NOT_REFUNDABLE', 'order-not-refundable', 409],
    ['FAILED_PRECONDITION', 'REFUND_EXCEEDS_CAPTURED', 'refund-exceeds-captured', 409],
    ['FAILED_PRECONDITION', 'REFUND_CURRENCY_DIFFERS', 'refund-currency-differs', 409],
    ['FAILED_PRECONDITION', 'SIGN_IN_NOT_RECENT', 'sign-in-not-recent', 409],
  ] as const)('with the status %s and the reason %s is %s', (code, reason, name, http) => {
    const problem = problemFromRpc(errorWithReason(code, reason, 'read it again'));
    expect([problem.problem, problem.status, problem.message]).toEqual([
      name,
      http,
      'read it again',
    ]);
  });

  test('is what its status says if its reason is unknown or of somebody else', () => {
    for (const info of [
      { reason: 'ETAG_MISMATCH', domain: 'elsewhere.example' },
      { reason: 'NO_SUCH_REASON', domain: 'meridian.example' },
    ]) {
      const packed = anyPack(ErrorInfoSchema, create(ErrorInfoSchema, info));
      expect(problemFromRpc(withDetails('ABORTED', status([packed]))).problem).toBe('aborted');
    }
  });

  test('asks for credentials where they are missing', () => {
    const problem = problemFromRpc(new RpcError('UNAUTHENTICATED', 'x'));
    expect(problem.headers).toEqual({ 'www-authenticate': 'Bearer' });
  });
});
