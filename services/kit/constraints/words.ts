import { quote } from '../rpc/field-violations.ts';
import type { FieldRulesRead } from './rules.ts';

/** Bounds as a message has them: `1 to 64`, `at least 1`, `at most 64`. */
export function rangeOf(
  minimum: number | bigint | undefined,
  maximum: number | bigint | undefined,
): string {
  if (minimum === undefined) return `at most ${String(maximum)}`;
  if (maximum === undefined) return `at least ${minimum}`;
  return minimum === maximum ? `exactly ${minimum}` : `${minimum} to ${maximum}`;
}

/** `must be …, got …`; the value of a field that is not to be repeated is left out. */
export function mustBe(
  { allowed, quotable }: FieldRulesRead,
  otherwise: string,
  value: string | number | bigint,
): string {
  const must = `must be ${allowed ?? otherwise}`;
  if (!quotable) return must;
  return `${must}, got ${typeof value === 'string' ? quote(value) : value}`;
}

/** `must have 1 to 64 characters, got 65`. */
export function mustHave(
  minimum: number | undefined,
  maximum: number | undefined,
  what: string,
  count: number,
): string {
  return `must have ${rangeOf(minimum, maximum)} ${what}, got ${count}`;
}
