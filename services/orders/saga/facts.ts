import type { PaymentOperationView, PaymentView } from './messages.ts';
import type { Fact } from './transitions.ts';
import { effectKey } from './state.ts';
import type { OpenEffect, Saga } from './state.ts';

/** An open effect whose answer is known, and what is known by it. */
export interface KnownAnswer {
  readonly effect: OpenEffect;
  readonly fact: Fact;
  /** As it is kept beside the effect. */
  readonly outcome: string;
  readonly declineCode?: string;
}

/** The open effects of a saga that a payment, as it is now, answers; in the order of their sequences. */
export function answersIn(saga: Saga, payment: PaymentView): readonly KnownAnswer[] {
  return saga.open.flatMap((effect) => {
    const key = effectKey(saga.orderId, effect.sequence);
    const operation = payment.operations.find((each) => each.key === key);
    const answer = answerTo(saga, effect, payment, operation);
    return answer === undefined ? [] : [{ effect, ...answer }];
  });
}

function answerTo(
  saga: Saga,
  effect: OpenEffect,
  payment: PaymentView,
  operation: PaymentOperationView | undefined,
): Omit<KnownAnswer, 'effect'> | undefined {
  const status = operation?.status;
  const declineCode = operation?.declineCode ?? '';
  switch (effect.kind) {
    case 'AUTHORIZE_PAYMENT':
      if (status === 'SUCCEEDED') return { fact: 'payment authorized', outcome: 'AUTHORIZED' };
      if (status !== 'REFUSED') return undefined;
      return { fact: 'payment declined', outcome: `DECLINED: ${declineCode}`, declineCode };
    case 'CAPTURE_PAYMENT':
      if (status === 'SUCCEEDED') return { fact: 'payment captured', outcome: 'CAPTURED' };
      if (status === 'REFUSED') {
        return { fact: 'capture refused', outcome: `REFUSED: ${declineCode}`, declineCode };
      }
      // The provider lets go of what nobody takes for days.
      return payment.status === 'VOIDED'
        ? { fact: 'capture refused', outcome: 'VOIDED' }
        : undefined;
    case 'VOID_PAYMENT':
      return answerToVoid(saga, payment, status);
    case 'REFUND_PAYMENT':
      if (status === 'SUCCEEDED') return { fact: 'money returned', outcome: 'REFUNDED' };
      return status === 'REFUSED'
        ? { fact: 'refund refused', outcome: `REFUSED: ${declineCode}`, declineCode }
        : undefined;
    default:
      return undefined;
  }
}

/** Nothing is set aside any more, and nothing that was asked for before can set it aside later. */
function answerToVoid(
  saga: Saga,
  { status, operations }: PaymentView,
  voided: PaymentOperationView['status'] | undefined,
): Omit<KnownAnswer, 'effect'> | undefined {
  if (status === 'CAPTURED' || status === 'REFUNDED') {
    return { fact: 'payment captured', outcome: 'CAPTURED' };
  }
  if (status === 'VOIDED' || voided === 'SUCCEEDED') {
    return { fact: 'payment freed', outcome: 'VOIDED' };
  }
  if (voided === 'REFUSED') return { fact: 'void refused', outcome: 'REFUSED' };
  // Whether the newest attempt is the one that was declined: an older one says nothing about it.
  const newest = effectKey(saga.orderId, saga.lastAttempt);
  const declined = operations.find(({ key }) => key === newest)?.status === 'REFUSED';
  return status === 'DECLINED' && declined
    ? { fact: 'payment freed', outcome: 'DECLINED' }
    : undefined;
}
