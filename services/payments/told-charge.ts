import type { OperationKind } from './payment-state.ts';

/** The operation that something which the provider says must be about. */
export interface MeantOperation {
  readonly kind: OperationKind;
  readonly orderId: string;
  readonly currency: string;
  readonly minorUnits: bigint;
  /** The charge that it is part of, or made; undefined as long as none is known. */
  readonly charge: string | undefined;
}

/** Ids and codes are kept as text in PostgreSQL, which has no NUL, and are written to logs. */
const PLAIN = /^[\x21-\x7e]+$/;
/** A decimal text: JSON's numbers end at 2^53 for many. */
const AMOUNT = /^\d{1,19}$/;
const ID_LENGTH_MAX = 255;
const CODE_LENGTH_MAX = 100;

/**
 * The id of the charge that the provider tells of, in an answer or a webhook; undefined if it is another than
 * is meant. What is said under a key about another order, amount or charge is not believed: it would be
 * entered in the ledger as if what was asked for had been done.
 */
export function chargeMeant(operation: MeantOperation, told: unknown): string | undefined {
  const fields = typeof told === 'object' && told !== null ? told : {};
  const { id, reference, currency, amount, captured, refunded } = fields as Readonly<
    Record<string, unknown>
  >;
  const { kind, minorUnits } = operation;
  const isMeant =
    isPlain(id, ID_LENGTH_MAX) &&
    reference === operation.orderId &&
    currency === operation.currency &&
    (operation.charge === undefined || id === operation.charge) &&
    ((kind !== 'authorize' && kind !== 'capture') || amountOf(amount) === minorUnits) &&
    (kind !== 'capture' || amountOf(captured) === minorUnits) &&
    // The sum of all that was given back, of which other refunds may be part.
    (kind !== 'refund' || amountOf(refunded) >= minorUnits);
  return isMeant ? id : undefined;
}

/** The code of a refusal, which has one even where the provider gives none that is of use. */
export function declineCodeOf(told: unknown): string {
  return typeof told === 'string' && isPlain(told.slice(0, CODE_LENGTH_MAX), CODE_LENGTH_MAX)
    ? told.slice(0, CODE_LENGTH_MAX)
    : 'declined';
}

/** A text of visible ASCII characters. */
export function isPlain(value: unknown, lengthMax: number): value is string {
  return typeof value === 'string' && value.length <= lengthMax && PLAIN.test(value);
}

/** When the provider did something; undefined for what is not a moment. */
export function timeTold(told: unknown): Date | undefined {
  const time = typeof told === 'string' || typeof told === 'number' ? new Date(told) : undefined;
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time;
}

function amountOf(told: unknown): bigint {
  return typeof told === 'string' && AMOUNT.test(told) ? BigInt(told) : -1n;
}
