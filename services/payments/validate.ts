import type { Money } from '@meridian/kit/contract/gen/meridian/type/v1/money_pb.js';
import { FieldViolations, quote } from '@meridian/kit/rpc/field-violations.ts';
import { refuseIfInvalid } from '@meridian/kit/rpc/invalid-argument.ts';
import type { Amount } from './payment-state.ts';

/** Payments on a page at most. */
export const PAGE_SIZE_MAX = 1_000;
/** Payments on a page when the request does not say. */
export const PAGE_SIZE_DEFAULT = 500;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const KEY = /^[\x21-\x7e]{1,64}$/;
const TOKEN = /^[\x21-\x7e]{1,255}$/;
const CURRENCY = /^[A-Z]{3}$/;

/** Checks what every request has. Throws INVALID_ARGUMENT. */
export function checkRequest(
  given: { readonly orderId: string; readonly idempotencyKey?: string },
  more: (violations: FieldViolations) => void = () => undefined,
): void {
  const violations = new FieldViolations();
  if (!UUID.test(given.orderId)) {
    violations.add('order_id', `must be a UUID in lower case, got ${quote(given.orderId)}`);
  }
  if (given.idempotencyKey !== undefined && !KEY.test(given.idempotencyKey)) {
    violations.add('idempotency_key', 'must be 1 to 64 visible ASCII characters');
  }
  more(violations);
  refuseIfInvalid(violations);
}

/** Checks a token, which no message repeats. */
export function checkToken(token: string, violations: FieldViolations): void {
  if (!TOKEN.test(token)) {
    violations.add('payment_method_token', 'must be 1 to 255 visible ASCII characters');
  }
}

/** Checks an amount of money that is to move. */
export function checkAmount(amount: Money | undefined, violations: FieldViolations): void {
  if (amount === undefined) violations.add('amount', 'must be given');
  else {
    if (!CURRENCY.test(amount.currencyCode)) {
      violations.add(
        'amount.currency_code',
        `must be three capital letters, got ${quote(amount.currencyCode)}`,
      );
    }
    if (amount.minorUnits <= 0n) {
      violations.add('amount.minor_units', `must be at least 1, got ${amount.minorUnits}`);
    }
  }
}

/** An amount that was checked. */
export function amountOf({ currencyCode, minorUnits }: Money): Amount {
  return { currency: currencyCode, minorUnits };
}

/** How many payments a page is to have. Throws INVALID_ARGUMENT. */
export function pageSizeOf(pageSize: number): number {
  const violations = new FieldViolations();
  if (pageSize < 0 || pageSize > PAGE_SIZE_MAX) {
    violations.add(
      'page_size',
      `must be 1 to ${PAGE_SIZE_MAX}, or 0 for the default of ${PAGE_SIZE_DEFAULT}, got ${pageSize}`,
    );
  }
  refuseIfInvalid(violations);
  return pageSize === 0 ? PAGE_SIZE_DEFAULT : pageSize;
}

/** A day of the calendar as a statement has it. Throws INVALID_ARGUMENT. */
export function checkDay(day: string): void {
  const violations = new FieldViolations();
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day) {
    violations.add('date', `must be a day such as '2026-11-27', got ${quote(day)}`);
  }
  refuseIfInvalid(violations);
}
