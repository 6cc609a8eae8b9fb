import { describe, expect, test } from '@jest/globals';
import { begin, decide } from './decide.ts';
import type { Decision } from './decide.ts';
import type { Message, PaymentOperationView, PaymentView } from './messages.ts';
import { effectKey } from './state.ts';
import type { EffectName, Saga } from './state.ts';

const ORDER = '0199c0de-0000-7000-8000-000000000001';
const TOTAL = 4_990n;
const EXPIRY = 900_000;

/** An order at work: decides, and remembers all that it asked for. */
class Order {
  saga: Saga;
  readonly asked: string[] = [];
  last: Decision;
  #version = 0n;
  readonly #operations = new Map<string, PaymentOperationView>();
  #paid: Omit<PaymentView, 'version' | 'operations'> = {
    status: 'PENDING',
    amountMinorUnits: TOTAL,
    refundedMinorUnits: 0n,
  };

  constructor() {
    this.last = begin(ORDER, TOTAL);
    this.saga = this.last.saga;
    this.#note();
  }

  tell(message: Message): this {
    const decided = decide(this.saga, message);
    if ('refused' in decided) throw new Error(decided.refused);
    this.last = decided;
    this.saga = decided.saga;
    this.#note();
    return this;
  }

  refuse(message: Message): unknown {
    return decide(this.saga, message);
  }

  answer(kind: EffectName, answer: Extract<Message, { kind: 'answer' }>['answer']): this {
    return this.tell({ kind: 'answer', sequence: this.sequence(kind), answer, outcome: 'x' });
  }

  /** The payment as payments tells of it after an operation ended so. */
  pays(
    kind: EffectName,
    status: PaymentOperationView['status'],
    payment: Partial<PaymentView>,
    declineCode = '',
  ): Message {
    const key = effectKey(ORDER, this.sequence(kind));
    this.#operations.set(key, { key, status, declineCode });
    this.#paid = { ...this.#paid, ...payment };
    this.#version += 1n;
    const operations = [...this.#operations.values()];
    return { kind: 'payment', payment: { ...this.#paid, version: this.#version, operations } };
  }

  sequence(kind: EffectName): number {
    return this.saga.open.find((each) => each.kind === kind)?.sequence ?? -1;
  }

  #note(): void {
    this.asked.push(...this.last.asked.map(({ kind }) => kind));
    expect(this.last.unexpected).toEqual([]);
  }
}

const reserved = (): Order =>
  new Order().answer('RESERVE_STOCK', { fact: 'stock reserved', expireTimeMs: EXPIRY });
const authorized = (order = reserved()): Order =>
  order.tell(order.pays('AUTHORIZE_PAYMENT', 'SUCCEEDED', { status: 'AUTHORIZED' }));
const sold = (): Order => authorized().answer('COMMIT_RESERVATION', { fact: 'stock sold' });
const captured = (order = sold()): Order =>
  order.tell(order.pays('CAPTURE_PAYMENT', 'SUCCEEDED', { status: 'CAPTURED' }));
const confirmed = (): Order => captured().answer('CONFIRM', { fact: 'order confirmed' });

test('a purchase asks for each step once and in its order', () => {
  const order = confirmed();
  expect(order.asked).toEqual([
    'RESERVE_STOCK',
    'AUTHORIZE_PAYMENT',
    'AWAIT_EXPIRY',
    'COMMIT_RESERVATION',
    'CAPTURE_PAYMENT',
    'CONFIRM',
  ]);
  expect(order.saga).toMatchObject({ phase: 'confirmed', open: [], capturedMinorUnits: TOTAL });
});

test('a payment that is told again, by answer and by webhook, changes nothing', () => {
  const order = reserved();
  const told = order.pays('AUTHORIZE_PAYMENT', 'SUCCEEDED', { status: 'AUTHORIZED' });
  const after = order.tell(told).saga;
  expect(order.tell(told).last).toEqual({
    ...{ saga: after, asked: [], settled: [], visible: false, unexpected: [] },
  });
});

test('an outcome that is unknown is waited for under the same key', () => {
  const order = reserved();
  order.tell(order.pays('AUTHORIZE_PAYMENT', 'UNKNOWN', { status: 'UNKNOWN' }));
  expect(order.last).toMatchObject({ asked: [], settled: [], visible: false });
  expect(authorized(order).saga.phase).toBe('committing');
});

test('a decline leaves time for another means of payment, under a key of its own', () => {
  const order = reserved();
  const first = order.sequence('AUTHORIZE_PAYMENT');
  order.tell(order.pays('AUTHORIZE_PAYMENT', 'REFUSED', { status: 'DECLINED' }, 'no_money'));
  expect(order.saga).toMatchObject({ phase: 'declined', declineCode: 'no_money' });
  order.tell({ kind: 'pay' });
  expect(order.saga).toMatchObject({ phase: 'authorizing', declineCode: '' });
  expect(order.sequence('AUTHORIZE_PAYMENT')).toBeGreaterThan(first);
  expect(order.refuse({ kind: 'pay' })).toEqual({ refused: 'not declined' });
  expect(authorized(order).saga.phase).toBe('committing');
});

test('a decline that nobody pays after ends with the reservation', () => {
  const order = reserved();
  order.tell(order.pays('AUTHORIZE_PAYMENT', 'REFUSED', { status: 'DECLINED' }, 'no_money'));
  order.answer('AWAIT_EXPIRY', { fact: 'time is up' });
  expect(order.saga).toMatchObject({ phase: 'cancelling', cancelCause: 'PAYMENT_DECLINED' });
  order.answer('RELEASE_RESERVATION', { fact: 'stock freed' });
  expect(order.saga).toMatchObject({ phase: 'cancelled', open: [] });
});

test('too little stock cancels, and frees what a late repetition would reserve', () => {
  const order = new Order();
  order.answer('RESERVE_STOCK', { fact: 'stock short', cause: 'DISCONTINUED' });
  expect(order.saga).toMatchObject({ phase: 'cancelling', cancelCause: 'DISCONTINUED' });
  expect(order.answer('RELEASE_RESERVATION', { fact: 'stock freed' }).saga.phase).toBe('cancelled');
});

test('a commit that came too late voids the payment', () => {
  const order = authorized().answer('COMMIT_RESERVATION', { fact: 'stock not sold' });
  expect(order.saga).toMatchObject({ phase: 'cancelling', cancelCause: 'RESERVATION_EXPIRED' });
  expect(order.saga.open.map(({ kind }) => kind)).toEqual(['VOID_PAYMENT']);
  order.tell(order.pays('VOID_PAYMENT', 'SUCCEEDED', { status: 'VOIDED' }));
  expect(order.saga.phase).toBe('cancelled');
});

describe('a cancel', () => {
  const cancel = { kind: 'cancel', cause: 'CUSTOMER' } as const;
  const open = (order: Order): readonly string[] =>
    order.tell(cancel).saga.open.map(({ kind }) => kind);

  test('undoes what each phase has done', () => {
    expect(open(new Order())).toEqual(['RELEASE_RESERVATION']);
    expect(open(reserved())).toEqual(['RELEASE_RESERVATION', 'VOID_PAYMENT']);
    expect(open(authorized())).toEqual(['RELEASE_RESERVATION', 'VOID_PAYMENT']);
    expect(open(sold())).toEqual(['CAPTURE_PAYMENT', 'RELEASE_RESERVATION']);
    expect(open(captured())).toEqual(['RELEASE_RESERVATION', 'REFUND_PAYMENT']);
    expect(open(confirmed())).toEqual(['RELEASE_RESERVATION', 'REFUND_PAYMENT']);
  });

  test('during a capture refunds what was taken, and voids what was not', () => {
    const taken = captured(sold().tell(cancel));
    expect(taken.saga.open.at(-1)).toMatchObject({ kind: 'REFUND_PAYMENT', minorUnits: TOTAL });
    const refused = sold().tell(cancel);
    refused.tell(refused.pays('CAPTURE_PAYMENT', 'REFUSED', { status: 'AUTHORIZED' }));
    expect(refused.saga.open.at(-1)?.kind).toBe('VOID_PAYMENT');
  });

  test('that comes again changes nothing', () => {
    const order = reserved().tell(cancel);
    expect(order.tell(cancel).last).toMatchObject({ asked: [], settled: [], visible: false });
  });

  test('during an attempt believes no older decline that nothing is set aside', () => {
    const order = reserved();
    order.tell(order.pays('AUTHORIZE_PAYMENT', 'REFUSED', { status: 'DECLINED' }));
    order.tell({ kind: 'pay' }).tell(cancel);
    order.tell(order.pays('RESERVE_STOCK', 'UNKNOWN', { status: 'DECLINED' }));
    expect(order.sequence('VOID_PAYMENT')).toBeGreaterThan(0);
    order.tell(order.pays('VOID_PAYMENT', 'SUCCEEDED', {}));
    expect(order.sequence('VOID_PAYMENT')).toBe(-1);
  });

  test.each([
    { kind: 'REFUND_PAYMENT', order: captured, refund: TOTAL },
    { kind: 'VOID_PAYMENT', order: authorized, refund: 0n },
  ] as const)(
    'asks again for a $kind that was refused, under a new key and later each time',
    ({ kind, order: begun, refund }) => {
      const order = begun().tell(cancel).answer('RELEASE_RESERVATION', { fact: 'stock freed' });
      const delays: number[] = [];
      for (let time = 0; time < 12; time += 1) {
        const before = order.sequence(kind);
        order.tell(order.pays(kind, 'REFUSED', {}, 'no'));
        expect(order.last.asked).toMatchObject([{ kind, minorUnits: refund }]);
        expect(order.sequence(kind)).toBeGreaterThan(before);
        delays.push((order.last.asked[0]?.delayMs ?? 0) / 60_000);
      }
      expect(delays).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]);
      expect(order.saga.phase).toBe('cancelling');
    },
  );
});

test('a refund that was refused is seen, until another is asked for', () => {
  const order = confirmed().tell({ kind: 'refund', minorUnits: 3_000n });
  order.tell(order.pays('REFUND_PAYMENT', 'REFUSED', {}, 'no'));
  expect(order.last).toMatchObject({ visible: true, asked: [] });
  expect(order.saga).toMatchObject({ refundDeclineCode: 'no', declineCode: '', open: [] });
  order.tell({ kind: 'refund', minorUnits: 3_000n });
  expect(order.saga.refundDeclineCode).toBe('');
});

test('two refunds never come to more than was taken, and a cancel gives back the rest', () => {
  const order = confirmed().tell({ kind: 'refund', minorUnits: 3_000n });
  expect(order.refuse({ kind: 'refund', minorUnits: 2_000n })).toEqual({
    ...{ refused: 'more than is left', leftMinorUnits: 1_990n },
  });
  order.tell({ kind: 'cancel', cause: 'SUPPORT' });
  expect(order.saga.open.map(({ minorUnits }) => minorUnits)).toEqual([3_000n, 0n, 1_990n]);
});
