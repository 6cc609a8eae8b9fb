import type { Money } from '@meridian/kit/contract/gen/meridian/type/v1/money_pb.js';
import { FieldViolations, quote } from '@meridian/kit/rpc/field-violations.ts';
import { refuseIfInvalid } from '@meridian/kit/rpc/invalid-argument.ts';
import { isDay } from './day.ts';
import type { Amount } from './payment-state.ts';

/*
 * What the rules of the contract cannot say of a request. Each throws INVALID_ARGUMENT.
 */

/** An amount of money that is to move: Money itself may be nothing, in other requests. */
export function amountOf({ currencyCode, minorUnits }: Money): Amount {
  const violations = new FieldViolations();
  if (minorUnits < 1n)
    violations.add('amount.minor_units', `must be at least 1, got ${minorUnits}`);
  refuseIfInvalid(violations);
  return { currency: currencyCode, minorUnits };
}

/** A day that the calendar has, as a statement names it. */
export function checkDay(day: string): void {
  const violations = new FieldViolations();
  if (!isDay(day)) {
    violations.add('date', `must be a day such as '2026-11-27', got ${quote(day)}`);
  }
  refuseIfInvalid(violations);
}
