import { describe, expect, test } from '@jest/globals';
import { Metadata } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { brokeOff } from './broken-answer.ts';
import { statusCode } from './rpc-error.ts';
import type { StatusName } from './rpc-error.ts';

function failure(status: StatusName, details: string): ServiceError {
  const code = statusCode(status);
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

const PIPE = 'Received RST_STREAM with code 2 triggered by internal client error: write EPIPE';

describe('brokeOff', () => {
  test.each<[string, StatusName, string, boolean, boolean]>([
    [
      'a connection lost before the answer, which gRPC retries',
      'UNAVAILABLE',
      'read ECONNRESET',
      false,
      false,
    ],
    ['a connection lost within the answer', 'UNAVAILABLE', 'read ECONNRESET', true, true],
    ['a write to a peer that died', 'INTERNAL', PIPE, false, true],
    [
      'a mistake of the peer',
      'INTERNAL',
      'Received RST_STREAM with code 2 (Internal server error)',
      true,
      false,
    ],
    ['a call that was cancelled', 'CANCELLED', 'Cancelled on client', true, false],
    ['a deadline that passed', 'DEADLINE_EXCEEDED', 'Deadline exceeded', true, false],
  ])('tells %s', (_, status, details, begun, expected) => {
    expect(brokeOff(failure(status, details), begun)).toBe(expected);
  });
});
