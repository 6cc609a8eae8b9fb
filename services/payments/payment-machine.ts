import {
  hasSucceeded,
  isUndecided,
  isVoidWanted,
  isWaiting,
  refundableOf,
} from './payment-state.ts';
import type { Amount, Operation, OperationKind, PaymentState } from './payment-state.ts';

/** What the provider says of an operation, in whatever way: an answer, a webhook, or when asked. */
export type ProviderAnswer =
  | { readonly status: 'succeeded'; readonly charge: string }
  | { readonly status: 'refused'; readonly declineCode: string }
  /** It has not said anything in time. */
  | { readonly status: 'unknown' };

/** What can happen to a payment. */
export type PaymentMessage =
  | {
      readonly type: 'authorize';
      readonly key: string;
      readonly amount: Amount;
      /** A fingerprint of the means of payment, never its token. */
      readonly source: string;
    }
  | { readonly type: 'capture'; readonly key: string }
  | { readonly type: 'void'; readonly key: string }
  | {
      readonly type: 'refund';
      readonly key: string;
      /** Absent means all that is left. */
      readonly amount?: Amount;
    }
  | { readonly type: 'answer'; readonly key: string; readonly answer: ProviderAnswer };

/** What is to be done about a change; the change itself is kept and told as an event. */
export type PaymentEffect =
  /** Sends an operation to the provider. */
  | { readonly type: 'send'; readonly key: string }
  /** Enters an operation that moved money in the ledger. */
  | { readonly type: 'post'; readonly key: string }
  /** Tells people that the provider said something else before. */
  | { readonly type: 'contradiction'; readonly key: string };

/** Why a request cannot be. */
export type RefusalReason =
  | 'KEY_OF_ANOTHER_REQUEST'
  | 'AMOUNT_DIFFERS'
  | 'UNDER_WAY'
  | 'ALREADY_AUTHORIZED'
  | 'NOTHING_AUTHORIZED'
  | 'ALREADY_CAPTURED'
  | 'NOTHING_CAPTURED'
  | 'BEING_VOIDED'
  | 'MORE_THAN_LEFT'
  | 'TOO_MANY_OPERATIONS'
  | 'NO_SUCH_OPERATION';

/** What came of a message. */
export type Transition =
  | {
      readonly type: 'changed';
      readonly state: PaymentState;
      readonly effects: readonly PaymentEffect[];
    }
  | {
      readonly type: 'unchanged';
      readonly state: PaymentState;
      readonly effects: readonly PaymentEffect[];
    }
  | { readonly type: 'refused'; readonly reason: RefusalReason };

/** The code of an attempt that came after its payment was given up. */
export const DECLINED_AS_VOIDED = 'payment_voided';
/** The code of a void that came after the amount was taken. */
export const REFUSED_AS_CAPTURED = 'already_captured';

/** Operations of a payment at most, since its events carry them all; what ends it goes beyond. */
export const OPERATIONS_MAX = 100;
/** Attempts to authorise at most: what customers do must leave a place for each part that is given back. */
export const AUTHORIZATIONS_MAX = 20;

/** The payment of an order before anything was asked. */
export function noPayment(orderId: string): PaymentState {
  return { orderId, amount: undefined, operations: [] };
}

/**
 * What a message makes of a payment. A pure function: the service and the simulation of sagas run the
 * same one. docs/payments.md shows what it does in each state.
 */
export function transition(state: PaymentState, message: PaymentMessage): Transition {
  if (message.type === 'answer') return answered(state, message.key, message.answer);
  const content = contentOf(message);
  const known = state.operations.find(({ key }) => key === message.key);
  if (known !== undefined) {
    return known.kind === message.type && known.content === content
      ? { type: 'unchanged', state, effects: [] }
      : { type: 'refused', reason: 'KEY_OF_ANOTHER_REQUEST' };
  }
  if (!hasPlaceFor(state, message)) return refused('TOO_MANY_OPERATIONS');
  switch (message.type) {
    case 'void':
      return voidAsked(state, message.key);
    case 'authorize':
      return authorizationAsked(state, { ...message, content });
    case 'capture':
      return captureAsked(state, message.key);
    case 'refund':
      return refundAsked(state, { ...message, content });
  }
}

/**
 * What ends a payment, a void or a refund of all that is left, always has one: the provider may have
 * refused it however often. Whoever asks again waits longer each time, so few come.
 */
function hasPlaceFor(
  state: PaymentState,
  message: Exclude<PaymentMessage, { readonly type: 'answer' }>,
): boolean {
  const { operations } = state;
  switch (message.type) {
    case 'void':
      return true;
    case 'refund': {
      const isRest =
        message.amount === undefined || message.amount.minorUnits === refundableOf(state);
      return isRest || operations.length < OPERATIONS_MAX;
    }
    case 'authorize':
      return operations.filter(({ kind }) => kind === 'authorize').length < AUTHORIZATIONS_MAX;
    case 'capture':
      return operations.length < OPERATIONS_MAX;
  }
}

function authorizationAsked(
  state: PaymentState,
  { key, amount, content }: { key: string; amount: Amount; content: string },
): Transition {
  if (state.amount !== undefined && !isSameAmount(state.amount, amount)) {
    return refused('AMOUNT_DIFFERS');
  }
  const priced = { ...state, amount };
  const operation = newOperation('authorize', key, amount.minorUnits, content);
  if (isVoidWanted(state)) {
    const declined = { ...operation, status: 'refused', declineCode: DECLINED_AS_VOIDED } as const;
    return changed(withOperation(priced, declined));
  }
  if (hasSucceeded(state, 'authorize')) return refused('ALREADY_AUTHORIZED');
  if (state.operations.some(isUndecided)) return refused('UNDER_WAY');
  return changed(withOperation(priced, operation), [{ type: 'send', key }]);
}

function captureAsked(state: PaymentState, key: string): Transition {
  if (hasSucceeded(state, 'capture')) return refused('ALREADY_CAPTURED');
  if (isVoidWanted(state)) return refused('BEING_VOIDED');
  if (state.amount === undefined || !hasSucceeded(state, 'authorize')) {
    return refused('NOTHING_AUTHORIZED');
  }
  if (state.operations.some(isUndecided)) return refused('UNDER_WAY');
  const operation = newOperation('capture', key, state.amount.minorUnits, '');
  return changed(withOperation(state, operation), [{ type: 'send', key }]);
}

/** An amount that may be set aside yet, or taken, is freed once that is known; see isWaiting. */
function voidAsked(state: PaymentState, key: string): Transition {
  if (hasSucceeded(state, 'capture')) return refused('ALREADY_CAPTURED');
  const operation = newOperation('void', key, state.amount?.minorUnits ?? 0n, '');
  const asked = withOperation(state, operation);
  return isWaiting(asked, operation) ? changed(asked) : released(asked, operation);
}

function refundAsked(
  state: PaymentState,
  { key, amount, content }: { key: string; amount?: Amount; content: string },
): Transition {
  if (state.amount === undefined || !hasSucceeded(state, 'capture')) {
    return refused('NOTHING_CAPTURED');
  }
  if (amount !== undefined && amount.currency !== state.amount.currency) {
    return refused('AMOUNT_DIFFERS');
  }
  const left = refundableOf(state);
  const minorUnits = amount?.minorUnits ?? left;
  if (minorUnits > left || left === 0n) return refused('MORE_THAN_LEFT');
  const operation = newOperation('refund', key, minorUnits, content);
  return changed(withOperation(state, operation), [{ type: 'send', key }]);
}

function answered(state: PaymentState, key: string, answer: ProviderAnswer): Transition {
  const operation = state.operations.find((candidate) => candidate.key === key);
  if (operation === undefined) return refused('NO_SUCH_OPERATION');
  const unchanged = { type: 'unchanged', state, effects: [] } as const;
  if (answer.status === 'unknown') {
    return operation.status === 'pending' && !isWaiting(state, operation)
      ? changed(withOperation(state, { ...operation, status: 'unknown' }))
      : unchanged;
  }
  if (operation.status === answer.status) return unchanged;
  // The first outcome that was heard stays; one of what was never sent is none.
  if (!isUndecided(operation) || isWaiting(state, operation)) {
    return { ...unchanged, effects: [{ type: 'contradiction', key }] };
  }
  return answer.status === 'refused'
    ? released(withOperation(state, { ...operation, ...answer }))
    : released(
        withOperation(state, {
          ...operation,
          status: 'succeeded',
          charge: operation.kind === 'authorize' ? answer.charge : '',
        }),
        undefined,
        movesMoney(operation.kind) ? [{ type: 'post', key }] : [],
      );
}

/** Goes on with the voids that wait no more: with `first`, or after an outcome became known. */
function released(
  state: PaymentState,
  first = state.operations.find((operation) => isReleased(state, operation)),
  effects: readonly PaymentEffect[] = [],
): Transition {
  if (first === undefined) return changed(state, effects);
  if (hasSucceeded(state, 'capture')) {
    const late = { ...first, status: 'refused', declineCode: REFUSED_AS_CAPTURED } as const;
    return released(withOperation(state, late), undefined, effects);
  }
  if (hasSucceeded(state, 'void') || !hasSucceeded(state, 'authorize')) {
    // There is nothing to free, so the provider is not asked.
    return released(withOperation(state, { ...first, status: 'succeeded' }), undefined, effects);
  }
  return changed(state, [...effects, { type: 'send', key: first.key }]);
}

/** Whether a void that was not sent waits for nothing any more. */
function isReleased(state: PaymentState, operation: Operation): boolean {
  return (
    operation.kind === 'void' && operation.status === 'pending' && !isWaiting(state, operation)
  );
}

function contentOf(message: Exclude<PaymentMessage, { readonly type: 'answer' }>): string {
  switch (message.type) {
    case 'authorize':
      return `${textOf(message.amount)} ${message.source}`;
    case 'refund':
      return message.amount === undefined ? '' : textOf(message.amount);
    case 'capture':
    case 'void':
      return '';
  }
}

function textOf({ currency, minorUnits }: Amount): string {
  return `${currency} ${minorUnits.toString()}`;
}

function isSameAmount(one: Amount, other: Amount): boolean {
  return one.currency === other.currency && one.minorUnits === other.minorUnits;
}

function movesMoney(kind: OperationKind): boolean {
  return kind === 'capture' || kind === 'refund';
}

function newOperation(
  kind: OperationKind,
  key: string,
  minorUnits: bigint,
  content: string,
): Operation {
  return { key, kind, status: 'pending', minorUnits, content, declineCode: '', charge: '' };
}

/** The state with an operation added, or in place of the one with its key. */
function withOperation(state: PaymentState, operation: Operation): PaymentState {
  const { operations } = state;
  const index = operations.findIndex(({ key }) => key === operation.key);
  return {
    ...state,
    operations: index === -1 ? [...operations, operation] : operations.with(index, operation),
  };
}

function changed(state: PaymentState, effects: readonly PaymentEffect[] = []): Transition {
  return { type: 'changed', state, effects };
}

function refused(reason: RefusalReason): Transition {
  return { type: 'refused', reason };
}
