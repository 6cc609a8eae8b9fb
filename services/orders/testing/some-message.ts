import type { Answer, Message, PaymentView } from '../saga/messages.ts';
import { effectKey } from '../saga/state.ts';
import type { Saga } from '../saga/state.ts';

/** What chance decides, by the seed of a test. */
interface Random {
  integer(min: number, max: number): number;
  chance(percent: number): boolean;
  pick<T>(...values: readonly [T, ...T[]]): T;
}

/** Something that may be told to an order in this state, true or stale. */
export function someMessage(saga: Saga, random: Random): Message {
  const open = saga.open[random.integer(0, saga.open.length - 1)];
  if (open === undefined || random.chance(25)) {
    return random.pick<Message>(
      { kind: 'pay' },
      { kind: 'refund', minorUnits: BigInt(random.integer(1, 700)) },
      ...(random.chance(20) ? [{ kind: 'cancel', cause: 'CUSTOMER' } as const] : []),
    );
  }
  const answer = (given: Answer): Message => ({
    ...{ kind: 'answer', sequence: open.sequence, answer: given, outcome: given.fact },
  });
  switch (open.kind) {
    case 'RESERVE_STOCK':
      return answer({ fact: 'stock reserved', expireTimeMs: 4_000_000_000_000 });
    case 'COMMIT_RESERVATION':
      return answer({ fact: random.pick('stock sold', 'stock sold', 'stock not sold') });
    case 'RELEASE_RESERVATION':
      return answer({ fact: 'stock freed' });
    case 'CONFIRM':
      return answer({ fact: 'order confirmed' });
    case 'AWAIT_EXPIRY':
      return random.chance(90) ? { kind: 'pay' } : answer({ fact: 'time is up' });
    default:
      return { kind: 'payment', payment: somePayment(saga, open, random) };
  }
}

function somePayment(saga: Saga, open: Saga['open'][number], random: Random): PaymentView {
  const succeeds = random.chance(75);
  const refund = open.kind === 'REFUND_PAYMENT' && succeeds ? open.minorUnits : 0n;
  const captured = saga.capturedMinorUnits > 0n || (open.kind === 'CAPTURE_PAYMENT' && succeeds);
  return {
    version: saga.paymentVersion + BigInt(random.integer(0, 1)),
    status: captured ? 'CAPTURED' : random.pick('AUTHORIZED', 'UNKNOWN'),
    amountMinorUnits: saga.totalMinorUnits,
    refundedMinorUnits: saga.refundedMinorUnits + refund,
    operations: [
      {
        key: effectKey(saga.orderId, open.sequence),
        status: succeeds ? 'SUCCEEDED' : 'REFUSED',
        declineCode: succeeds ? '' : 'no',
      },
    ],
  };
}
