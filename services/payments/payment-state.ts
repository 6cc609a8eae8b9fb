/** An amount in a currency's smallest unit. */
export interface Amount {
  /** ISO 4217 code of three capital letters. */
  readonly currency: string;
  readonly minorUnits: bigint;
}

export const OPERATION_KINDS = ['authorize', 'capture', 'void', 'refund'] as const;
/** What can be asked of the provider. */
export type OperationKind = (typeof OPERATION_KINDS)[number];

export const OPERATION_STATUSES = ['pending', 'succeeded', 'refused', 'unknown'] as const;
/** What became of it: of what is `pending` or `unknown` the outcome is open. */
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

/** One thing that was asked of the provider, or is to be. */
export interface Operation {
  /** The caller's, under which the provider knows it too. */
  readonly key: string;
  readonly kind: OperationKind;
  readonly status: OperationStatus;
  /** Minor units of the payment's currency. */
  readonly minorUnits: bigint;
  /** What was asked for, by which a repetition is told from another request under the same key. */
  readonly content: string;
  /** Why it was refused, in the provider's code or ours; empty otherwise. */
  readonly declineCode: string;
  /** The provider's id of the charge that an authorisation made; empty otherwise. */
  readonly charge: string;
}

/** The payment of an order: its operations, from which everything else follows. */
export interface PaymentState {
  readonly orderId: string;
  /** Absent while the only thing that is known is that there is to be no payment. */
  readonly amount: Amount | undefined;
  /** In the order in which they were asked for. */
  readonly operations: readonly Operation[];
}

export const PAYMENT_STATUSES = [
  'pending',
  'authorized',
  'captured',
  'refunded',
  'declined',
  'voided',
  'unknown',
] as const;
/** Where a payment is in its life; contract/proto says what each means. */
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** Whether the outcome of an operation is open. */
export function isUndecided({ status }: Pick<Operation, 'status'>): boolean {
  return status === 'pending' || status === 'unknown';
}

/** Whether some operation of a kind has succeeded. */
export function hasSucceeded({ operations }: PaymentState, kind: OperationKind): boolean {
  return operations.some(
    (operation) => operation.kind === kind && operation.status === 'succeeded',
  );
}

/** Whether it was asked to free the amount, and that was not refused. */
export function isVoidWanted({ operations }: PaymentState): boolean {
  return operations.some(({ kind, status }) => kind === 'void' && status !== 'refused');
}

/**
 * Whether a void waits for the outcome of what was asked before it: nobody knows yet whether there is
 * an amount to free.
 */
export function isWaiting({ operations }: PaymentState, operation: Operation): boolean {
  if (operation.kind !== 'void' || operation.status !== 'pending') return false;
  const before = operations.slice(
    0,
    operations.findIndex(({ key }) => key === operation.key),
  );
  return before.some((earlier) => isUndecided(earlier));
}

/** The operations that the provider has been sent, or is to be, and whose outcome is open. */
export function operationsUnderWay(state: PaymentState): readonly Operation[] {
  return state.operations.filter(
    (operation) => isUndecided(operation) && !isWaiting(state, operation),
  );
}

/** Minor units given back, as far as the provider confirmed it. */
export function refundedOf({ operations }: PaymentState): bigint {
  return sumOf(operations.filter(({ status }) => status === 'succeeded'));
}

/** Minor units that can be given back yet: what was captured, less what was given back or may be. */
export function refundableOf(state: PaymentState): bigint {
  if (state.amount === undefined || !hasSucceeded(state, 'capture')) return 0n;
  const given = state.operations.filter(({ status }) => status !== 'refused');
  return state.amount.minorUnits - sumOf(given);
}

/** The provider's charge that holds the amount; undefined before one is authorised. */
export function chargeOf({ operations }: PaymentState): string | undefined {
  return operations.find(({ kind, status }) => kind === 'authorize' && status === 'succeeded')
    ?.charge;
}

/**
 * Where the payment is; undefined if there is none. A refund leaves it CAPTURED until all is given
 * back, also while the refund's outcome is open: the amount was taken, whatever comes of it.
 */
export function statusOf(state: PaymentState): PaymentStatus | undefined {
  if (state.amount === undefined) return undefined;
  if (hasSucceeded(state, 'capture')) {
    return refundedOf(state) === state.amount.minorUnits ? 'refunded' : 'captured';
  }
  if (hasSucceeded(state, 'void')) return 'voided';
  if (state.operations.some(({ status }) => status === 'unknown')) return 'unknown';
  if (hasSucceeded(state, 'authorize')) return 'authorized';
  return state.operations.some(({ kind, status }) => kind === 'authorize' && status === 'pending')
    ? 'pending'
    : 'declined';
}

function sumOf(operations: readonly Operation[]): bigint {
  return operations
    .filter(({ kind }) => kind === 'refund')
    .reduce((sum, { minorUnits }) => sum + minorUnits, 0n);
}
