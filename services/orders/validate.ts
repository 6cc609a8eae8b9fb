import type { Money } from '@meridian/kit/contract/gen/meridian/type/v1/money_pb.js';
import { FieldViolations, lengthOf, quote } from '@meridian/kit/rpc/field-violations.ts';
import { refuseIfInvalid } from '@meridian/kit/rpc/invalid-argument.ts';
import type {
  CancelOrderRequest,
  CreateOrderRequest,
  GetOrderRequest,
  PayOrderRequest,
  RefundOrderRequest,
} from './contract/gen/meridian/orders/v1/orders_pb.js';
import {
  CURRENCY_PATTERN,
  ID_PATTERN,
  ITEMS_MAX,
  QUANTITY_MAX,
  REASON_LENGTH_MAX,
  TOKEN_PATTERN,
  WAIT_MAX_SECONDS,
} from './request-limits.ts';

/** Each throws INVALID_ARGUMENT for a request that breaks the contract. */
export function checkCreateOrder(request: CreateOrderRequest): void {
  const violations = new FieldViolations();
  const { items, paymentMethodToken, expectedTotal } = request;
  if (items.length < 1 || items.length > ITEMS_MAX) {
    violations.add('items', `must be 1 to ${ITEMS_MAX}, got ${items.length}`);
  }
  const seen = new Set<string>();
  for (const [index, { productId, quantity }] of items.entries()) {
    const field = `items[${index}]`;
    checkId(`${field}.product_id`, productId, violations);
    if (seen.has(productId)) {
      violations.add(`${field}.product_id`, `must be given once, got ${quote(productId)} again`);
    }
    seen.add(productId);
    if (quantity < 1 || quantity > QUANTITY_MAX) {
      violations.add(`${field}.quantity`, `must be 1 to ${QUANTITY_MAX}, got ${quantity}`);
    }
  }
  checkToken(paymentMethodToken, violations);
  if (expectedTotal !== undefined) checkMoney('expected_total', expectedTotal, 0n, violations);
  refuseIfInvalid(violations);
}

export function checkPayOrder({ orderId, paymentMethodToken }: PayOrderRequest): void {
  const violations = new FieldViolations();
  checkId('order_id', orderId, violations);
  checkToken(paymentMethodToken, violations);
  refuseIfInvalid(violations);
}

export function checkCancelOrder({ orderId, reason }: CancelOrderRequest): void {
  const violations = new FieldViolations();
  checkId('order_id', orderId, violations);
  const length = lengthOf(reason);
  if (length > REASON_LENGTH_MAX) {
    violations.add('reason', `must have at most ${REASON_LENGTH_MAX} characters, got ${length}`);
  }
  // PostgreSQL has no text with it.
  if (reason.includes('\0')) violations.add('reason', 'must not contain the character U+0000');
  refuseIfInvalid(violations);
}

export function checkRefundOrder({ orderId, amount }: RefundOrderRequest): void {
  const violations = new FieldViolations();
  checkId('order_id', orderId, violations);
  if (amount !== undefined) checkMoney('amount', amount, 1n, violations);
  refuseIfInvalid(violations);
}

export function checkGetOrder({ orderId, wait }: GetOrderRequest): void {
  const violations = new FieldViolations();
  checkId('order_id', orderId, violations);
  const { seconds, nanos } = wait ?? { seconds: 0n, nanos: 0 };
  const isNegative = seconds < 0n || nanos < 0;
  const max = BigInt(WAIT_MAX_SECONDS);
  if (isNegative || seconds > max || (seconds === max && nanos > 0)) {
    violations.add('wait', `must be 0 to ${WAIT_MAX_SECONDS} seconds`);
  }
  refuseIfInvalid(violations);
}

export function checkOrderId({ orderId }: { readonly orderId: string }): void {
  const violations = new FieldViolations();
  checkId('order_id', orderId, violations);
  refuseIfInvalid(violations);
}

/** The size of a page that was asked for. */
export function readPageSize(
  given: number,
  { sizeMax, sizeDefault }: { readonly sizeMax: number; readonly sizeDefault: number },
): number {
  const violations = new FieldViolations();
  if (given < 0 || given > sizeMax) {
    violations.add(
      'page_size',
      `must be 1 to ${sizeMax}, or 0 for the default of ${sizeDefault}, got ${given}`,
    );
  }
  refuseIfInvalid(violations);
  return given === 0 ? sizeDefault : given;
}

function checkId(field: string, id: string, violations: FieldViolations): void {
  if (!ID_PATTERN.test(id)) {
    violations.add(field, `must be 1 to 64 letters, digits, '-' or '_', got ${quote(id)}`);
  }
}

function checkToken(token: string, violations: FieldViolations): void {
  // Never quoted: it may be a good one with a space behind it.
  if (!TOKEN_PATTERN.test(token)) {
    violations.add(
      'payment_method_token',
      `must be 1 to 255 visible ASCII characters, got ${token.length} characters`,
    );
  }
}

function checkMoney(
  field: string,
  { currencyCode, minorUnits }: Money,
  min: bigint,
  violations: FieldViolations,
): void {
  if (!CURRENCY_PATTERN.test(currencyCode)) {
    violations.add(
      `${field}.currency_code`,
      `must be three capital letters, got ${quote(currencyCode)}`,
    );
  }
  if (minorUnits < min) {
    violations.add(`${field}.minor_units`, `must be ${min} or more, got ${minorUnits}`);
  }
}
