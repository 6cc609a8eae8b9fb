import { expect, test } from '@jest/globals';
import { begin, decide } from './saga/decide.ts';
import type { Decision, Refusal } from './saga/decide.ts';
import type { Message } from './saga/messages.ts';
import { sagaLine } from './saga-log.ts';

const ORDER = '01912f4a-7c22-7000-8000-0242ac120002';

function went(from: Decision, message: Message): Decision {
  const decision: Decision | Refusal = decide(from.saga, message);
  if ('refused' in decision) throw new Error(decision.refused);
  return decision;
}

test('a line of a saga says where it is, what is over and what it asks for', () => {
  const placed = begin(ORDER, 1_000n);
  expect(sagaLine(placed, placed)).toEqual({
    ...{ order_id: ORDER, phase: 'reserving', status: 'PENDING', asked: '1 RESERVE_STOCK' },
  });
  const reserved = went(placed, {
    ...{ kind: 'answer', sequence: 1, outcome: 'ACTIVE' },
    answer: { fact: 'stock reserved', expireTimeMs: 4_000_000_000_000 },
  });
  expect(sagaLine(reserved, reserved)).toMatchObject({
    ...{ phase: 'authorizing', status: 'RESERVED', settled: '1 RESERVE_STOCK ACTIVE' },
  });
});

test('of an outcome it has our word and not what a provider said', () => {
  const placed = begin(ORDER, 1_000n);
  const settled = [
    { sequence: 2, kind: 'AUTHORIZE_PAYMENT', status: 'DONE', outcome: 'DECLINED: ask Ann Smith' },
    { sequence: 3, kind: 'AWAIT_EXPIRY', status: 'DROPPED', outcome: '' },
  ] as const;
  expect(sagaLine(placed, { asked: [], settled }).settled).toBe(
    '2 AUTHORIZE_PAYMENT DECLINED, 3 AWAIT_EXPIRY DROPPED',
  );
});
