import type { DescEnum } from '@bufbuild/protobuf';
import type { Duration, FieldMask } from '@bufbuild/protobuf/wkt';
import { lengthOf, quote } from '../rpc/field-violations.ts';
import type {
  BytesRules,
  DurationRules,
  EnumRules,
  FieldMaskRules,
  FieldRulesRead,
  NumberRules,
  TextRules,
  ValueRules,
} from './rules.ts';
import { mustBe, mustHave, rangeOf } from './words.ts';

/** What is wrong with a value, in words; undefined if nothing is. */
export type CheckValue = (value: unknown) => string | undefined;

/** Any version; hyphens where RFC 9562 has them. */
const UUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** Compiles the rules of a single value: of a field, of an item of a list, of a key or value of a map. */
export function compileValue(
  rules: ValueRules | undefined,
  field: FieldRulesRead,
  type: DescEnum | undefined,
): CheckValue | undefined {
  switch (rules?.kind) {
    case 'text':
      return checkText(rules, field) as CheckValue;
    case 'bytes':
      return checkBytes(rules) as CheckValue;
    case 'number':
      return checkNumber(rules, field) as CheckValue;
    case 'duration':
      return checkDuration(rules) as CheckValue;
    case 'field-mask':
      return checkFieldMask(rules) as CheckValue;
    case 'enum':
      return type && (checkEnum(rules, type) as CheckValue);
    default:
      return undefined;
  }
}

function checkText(
  { minLength, maxLength, pattern, choices, uuid }: TextRules,
  field: FieldRulesRead,
): (value: string) => string | undefined {
  const fits = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  const measured = minLength !== undefined || maxLength !== undefined;
  const least = minLength ?? 0;
  const most = maxLength ?? Number.MAX_SAFE_INTEGER;
  return (value) => {
    // A pattern never sees more than the rules allow: how long it takes is bounded by that.
    if (measured && (value.length < least || value.length > most)) {
      const length = lengthOf(value);
      if (length < least || length > most) {
        return mustHave(minLength, maxLength, 'characters', length);
      }
    } else if (measured && value.length < 2 * least && lengthOf(value) < least) {
      // So many units, and fewer characters.
      return mustHave(minLength, maxLength, 'characters', lengthOf(value));
    }
    if (choices?.includes(value) === false) {
      return mustBe(field, `one of ${choices.join(', ')}`, value);
    }
    if (uuid === true && !UUID.test(value)) return mustBe(field, 'a UUID', value);
    if (fits?.test(value) === false) return mustBe(field, '', value);
    return undefined;
  };
}

function checkBytes({
  minLength,
  maxLength,
}: BytesRules): (value: Uint8Array) => string | undefined {
  return ({ length }) =>
    length < (minLength ?? 0) || length > (maxLength ?? Infinity)
      ? mustHave(minLength, maxLength, 'bytes', length)
      : undefined;
}

function checkNumber(
  { minimum, maximum, not }: NumberRules,
  field: FieldRulesRead,
): (value: number | bigint) => string | undefined {
  const ranged = minimum !== undefined || maximum !== undefined;
  const range = ranged ? rangeOf(minimum, maximum) : `another number than ${not?.join(', ') ?? ''}`;
  return (value) =>
    (minimum !== undefined && value < minimum) ||
    (maximum !== undefined && value > maximum) ||
    not?.includes(value) === true
      ? mustBe(field, range, value)
      : undefined;
}

function checkDuration({
  minSeconds,
  maxSeconds,
}: DurationRules): (value: Duration) => string | undefined {
  return ({ seconds: whole, nanos }) => {
    // Not durationMs, which rounds a nanosecond away.
    const seconds = Number(whole) + nanos / 1e9;
    return seconds < (minSeconds ?? -Infinity) || seconds > (maxSeconds ?? Infinity)
      ? `must be ${rangeOf(minSeconds, maxSeconds)} seconds, got ${seconds}`
      : undefined;
  };
}

function checkFieldMask({
  paths: allowed,
}: FieldMaskRules): (value: FieldMask) => string | undefined {
  return ({ paths }) => {
    const other = paths.find((path) => !allowed.includes(path));
    return other === undefined
      ? undefined
      : `must have no other paths than ${allowed.join(', ')}, got ${quote(other)}`;
  };
}

function checkEnum({ not }: EnumRules, type: DescEnum): (value: number) => string | undefined {
  const allowed = type.values.filter(({ number }) => !not.includes(number));
  const numbers = new Set(allowed.map(({ number }) => number));
  const names = allowed.map(({ name }) => name).join(', ');
  return (value) =>
    numbers.has(value)
      ? undefined
      : `must be one of ${names}, got ${type.value[value]?.name ?? value}`;
}
