import { describe, expect, test } from '@jest/globals';
import { faultOf, faultsIn } from './answer-under-trouble.ts';
import type { Answer } from './platform-under-test.ts';

const problem = {
  type: 'https://meridian.example/problems/unavailable',
  title: 'The service is unavailable for the moment',
  status: 503,
  detail: 'The service behind this path cannot be reached now; try again shortly.',
  instance: '/v1/products',
  code: 'UNAVAILABLE',
  requestId: '0197f0c6-8d5c-7d2e-9b1f-1c4f0a3f5f10',
};

const headers = {
  'content-type': 'application/problem+json',
  'retry-after': '1',
  'x-request-id': problem.requestId,
};

function answer(changed: Partial<Answer> = {}, members: object = {}): Answer {
  return { status: 503, headers, body: JSON.stringify({ ...problem, ...members }), ...changed };
}

describe('what a client hears under trouble', () => {
  test.each([
    ['a success', answer({ status: 200, headers: {}, body: '{}' })],
    ['a success without content', answer({ status: 204, headers: {}, body: '' })],
    ['a page that has not changed', answer({ status: 304, headers: {}, body: '' })],
    ['a 503 that says when to come again', answer()],
    [
      'a 504 that says when to come again',
      answer({ status: 504 }, { status: 504, code: 'DEADLINE_EXCEEDED', errors: [] }),
    ],
  ])('may be %s', (_name, heard) => {
    expect(faultOf(heard)).toBeUndefined();
  });

  test.each<[string, Answer, RegExp]>([
    ['500', answer({ status: 500 }, { status: 500, code: 'INTERNAL' }), /^500 not a status/],
    ['502', answer({ status: 502 }, { status: 502 }), /^502 not a status/],
    ['401', answer({ status: 401 }, { status: 401, code: 'UNAUTHENTICATED' }), /^401 not a status/],
    ['429', answer({ status: 429 }, { status: 429 }), /^429 not a status/],
    [
      '503 without Retry-After',
      answer({ headers: { ...headers, 'retry-after': undefined } }),
      /^503 Retry-After undefined: /,
    ],
    [
      '503 that is to come again at once',
      answer({ headers: { ...headers, 'retry-after': '0' } }),
      /^503 Retry-After 0: /,
    ],
    [
      '503 in HTML',
      answer({
        headers: { ...headers, 'content-type': 'text/html' },
        body: '<h1>Service unavailable</h1>',
      }),
      /^503 media type text\/html; not a JSON object: /,
    ],
    ['503 whose body is a list', answer({ body: '[]' }), /^503 not a JSON object: /],
    [
      "503 with a member of another's form",
      answer({ body: JSON.stringify({ ...problem, requestId: undefined, request_id: 'x' }) }),
      /no member 'requestId'; unknown member 'request_id'/,
    ],
    ['503 that calls itself 500', answer({}, { status: 500 }), /member 'status' is 500, not 503/],
    [
      '503 of another code',
      answer({}, { code: 'UNKNOWN' }),
      /member 'code' is "UNKNOWN", not UNAV/,
    ],
    [
      '503 that cannot be found in a log',
      answer({ headers: { ...headers, 'x-request-id': undefined } }),
      /member 'requestId' is ".*", not undefined/,
    ],
  ])('may not be a %s', (_name, heard, fault) => {
    expect(faultOf(heard)).toMatch(fault);
  });

  test('may be a broken connection only where the trouble itself broke it', () => {
    expect(faultOf({ broken: 'ECONNRESET' })).toBe('no answer: ECONNRESET');
    expect(faultOf({ broken: 'ECONNRESET' }, { brokenConnections: true })).toBeUndefined();
    expect(faultOf(answer({ status: 500 }), { brokenConnections: true })).toMatch(/^500/);
  });

  test('is told once for each kind, with how often it was heard', () => {
    const failures = [1, 2, 3].map((id) =>
      answer({ status: 500, body: `{"requestId":"0197f0c6-8d5c-7d2e-9b1f-00000000000${id}"}` }),
    );
    expect(faultsIn([answer(), ...failures, { broken: 'ECONNREFUSED' }])).toEqual([
      expect.stringMatching(/^3 × 500 not a status of trouble: .*000000000001/),
      '1 × no answer: ECONNREFUSED',
    ]);
  });
});
