import { create, ScalarType } from '@bufbuild/protobuf';
import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { codePoint } from '../../../../tests/code-point.ts';
import { isOneofRequired, neededField, readRules } from '../read-rules.ts';
import type { NumberRules, TextRules, ValueRules } from '../rules.ts';

/** A message as the initialiser that `create` takes. */
type Init = Record<string, unknown>;

/** A field that holds a message is left out below this depth, so that recursive ones end. */
const MAX_DEPTH = 3;

/** Messages that the rules of a contract allow. */
export function validMessages(desc: DescMessage): fc.Arbitrary<Message> {
  return inits(desc, 0).map((init) => create(desc, init));
}

/** A message with exactly one thing wrong, and the field that it is wrong with. */
export interface Violated {
  readonly field: string;
  readonly message: Message;
}

/** Messages that break exactly one rule, of a top-level field; undefined if there is none to break. */
export function violatedMessages(desc: DescMessage): fc.Arbitrary<Violated> | undefined {
  const choices = desc.fields.flatMap((field) => {
    const wrong = wrongValues(field);
    if (wrong === undefined) return [];
    return [
      fc.tuple(inits(desc, 0), wrong, beside(field)).map(([init, value, also]) => ({
        field: field.name,
        message: create(desc, { ...init, ...placed(field, value), ...also }),
      })),
    ];
  });
  return choices.length === 0 ? undefined : fc.oneof(...choices);
}

function inits(desc: DescMessage, depth: number): fc.Arbitrary<Init> {
  const own = desc.fields.filter(({ oneof }) => oneof === undefined);
  const plain = fc.record(
    Object.fromEntries(own.map((field) => [field.localName, fieldValues(field, depth)])),
  );
  const oneofs = desc.oneofs.map((oneof) => {
    const members = oneof.fields.map((field) =>
      fc
        .tuple(values(field, readRules(field).value, depth), beside(field))
        .map(([value, also]) => ({ ...placed(field, value), ...also })),
    );
    return isOneofRequired(oneof)
      ? fc.oneof(...members)
      : fc.oneof(fc.constant<Init>({}), ...members);
  });
  return fc.tuple(plain, ...oneofs).map((parts) => Object.assign({}, ...parts) as Init);
}

/** What must be given with a field. */
function beside(field: DescField): fc.Arbitrary<Init> {
  const needed = neededField(field);
  if (needed === undefined) return fc.constant({});
  const { value } = readRules(needed);
  return texts(value?.kind === 'text' ? value : undefined)
    .filter((text) => text !== '')
    .map((text) => ({ [needed.localName]: text }));
}

function placed({ localName, oneof }: DescField, value: unknown): Init {
  return oneof === undefined
    ? { [localName]: value }
    : { [oneof.localName]: { case: localName, value } };
}

function fieldValues(field: DescField, depth: number): fc.Arbitrary<unknown> {
  const { value, zeroToo, required } = readRules(field);
  if (field.fieldKind === 'message' && depth >= MAX_DEPTH) return fc.constant(undefined);
  const good = values(field, value, depth);
  if (field.fieldKind === 'message' && !required) return fc.option(good, { nil: undefined });
  return zeroToo && field.scalar === ScalarType.STRING ? fc.oneof(fc.constant(''), good) : good;
}

function values(
  field: DescField,
  rules: ValueRules | undefined,
  depth: number,
): fc.Arbitrary<unknown> {
  switch (field.fieldKind) {
    case 'list': {
      const list = rules?.kind === 'list' ? rules : undefined;
      const { minItems: minLength = 0, maxItems = 3, unique = false, items } = list ?? {};
      const bounds = { minLength, maxLength: Math.min(maxItems, minLength + 3) };
      const each = single(field, items, depth);
      return unique ? fc.uniqueArray(each, bounds) : fc.array(each, bounds);
    }
    case 'map': {
      const map = rules?.kind === 'map' ? rules : undefined;
      const { minPairs: minKeys = 0, maxPairs = 3 } = map ?? {};
      const keys = texts(map?.keys?.kind === 'text' ? map.keys : undefined);
      return fc.dictionary(keys, single(field, map?.values, depth), {
        minKeys,
        maxKeys: Math.min(maxPairs, minKeys + 3),
      });
    }
    default:
      return single(field, rules, depth);
  }
}

/** One value of a field, of an item of its list or of a value of its map. */
function single(
  field: DescField,
  rules: ValueRules | undefined,
  depth: number,
): fc.Arbitrary<unknown> {
  if (field.message !== undefined) return messages(field.message, rules, depth);
  if (field.enum !== undefined) {
    const not = rules?.kind === 'enum' ? rules.not : [];
    const numbers = field.enum.values.map(({ number }) => number);
    return fc.constantFrom(...numbers.filter((number) => !not.includes(number)));
  }
  switch (field.scalar) {
    case ScalarType.STRING:
      return texts(rules?.kind === 'text' ? rules : undefined);
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.BYTES: {
      const { minLength = 0, maxLength = 64 } = rules?.kind === 'bytes' ? rules : {};
      return fc.uint8Array({ minLength, maxLength: Math.min(maxLength, minLength + 64) });
    }
    default:
      return numbers(field, rules?.kind === 'number' ? rules : undefined);
  }
}

function messages(
  message: DescMessage,
  rules: ValueRules | undefined,
  depth: number,
): fc.Arbitrary<unknown> {
  switch (message.typeName) {
    case 'google.protobuf.Duration': {
      const { minSeconds = 0, maxSeconds = 3_600 } = rules?.kind === 'duration' ? rules : {};
      return fc
        .integer({ min: minSeconds, max: maxSeconds })
        .map((seconds) => ({ seconds: BigInt(seconds), nanos: 0 }));
    }
    case 'google.protobuf.Timestamp':
      return fc
        .integer({ min: 0, max: 4_102_444_800 })
        .map((seconds) => ({ seconds: BigInt(seconds), nanos: 0 }));
    case 'google.protobuf.FieldMask':
      return fc
        .subarray([...(rules?.kind === 'field-mask' ? rules.paths : [])])
        .map((paths) => ({ paths }));
    default:
      return inits(message, depth + 1);
  }
}

function numbers(field: DescField, rules: NumberRules | undefined): fc.Arbitrary<unknown> {
  const long = field.scalar === ScalarType.INT64 || field.scalar === ScalarType.UINT64;
  const not = rules?.not ?? [];
  if (long) {
    const min = BigInt(rules?.minimum ?? -(2n ** 63n));
    const max = BigInt(rules?.maximum ?? 2n ** 63n - 1n);
    return fc.bigInt({ min, max }).filter((value) => !not.includes(value));
  }
  const min = Number(rules?.minimum ?? -(2 ** 31));
  const max = Number(rules?.maximum ?? 2 ** 31 - 1);
  return fc.integer({ min, max }).filter((value) => !not.includes(value));
}

function texts(rules: TextRules | undefined): fc.Arbitrary<string> {
  const { choices, uuid, pattern, minLength = 0, maxLength = Infinity } = rules ?? {};
  if (choices !== undefined) return fc.constantFrom(...choices);
  if (uuid === true) return fc.uuid();
  const fits = (text: string): boolean => {
    const { length } = Array.from(text);
    return length >= minLength && length <= maxLength && text.isWellFormed();
  };
  if (pattern !== undefined) {
    return fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' }).filter(fits);
  }
  const bounds = { minLength, maxLength: Math.min(maxLength, minLength + 20) };
  return fc.string({ ...bounds, unit: 'grapheme' }).filter(fits);
}

/** Values of a field that break its rules; undefined if it has none. */
function wrongValues(field: DescField): fc.Arbitrary<unknown> | undefined {
  const { value: rules, required, unchecked } = readRules(field);
  if (unchecked) return undefined;
  const absent = required ? [fc.constant(undefined)] : [];
  const wrong = [...absent, ...(rules === undefined ? [] : wrongOf(field, rules))];
  return wrong.length === 0 ? undefined : fc.oneof(...wrong);
}

function wrongOf(field: DescField, rules: ValueRules): readonly fc.Arbitrary<unknown>[] {
  switch (rules.kind) {
    case 'text':
      return wrongTexts(rules);
    case 'number': {
      const whole = (value: number | bigint): unknown =>
        field.scalar === ScalarType.INT64 ? BigInt(value) : Number(value);
      const { minimum, maximum, not = [] } = rules;
      return [
        ...(minimum === undefined ? [] : [fc.constant(whole(BigInt(minimum) - 1n))]),
        ...(maximum === undefined ? [] : [fc.constant(whole(BigInt(maximum) + 1n))]),
        ...not.map((each) => fc.constant(whole(each))),
      ];
    }
    case 'bytes':
      return rules.maxLength === undefined
        ? []
        : [fc.constant(new Uint8Array(rules.maxLength + 1))];
    case 'duration':
      return rules.maxSeconds === undefined
        ? []
        : [fc.constant({ seconds: BigInt(rules.maxSeconds), nanos: 1 })];
    case 'field-mask':
      return [fc.constant({ paths: ['no_such_field'] })];
    case 'list': {
      const item = single(field, rules.items, MAX_DEPTH - 1);
      const { minItems = 0, maxItems, unique = false } = rules;
      const most =
        maxItems === undefined ? [] : [item.map((each) => Array<unknown>(maxItems + 1).fill(each))];
      const twice = unique ? [item.map((each) => [each, each])] : [];
      return [...(minItems > 0 ? [fc.constant([])] : []), ...most, ...twice];
    }
    case 'map':
      return rules.keys?.kind === 'text'
        ? wrongTexts(rules.keys).map((keys) => keys.map((key) => ({ [String(key)]: 'x' })))
        : [];
    case 'enum':
      return rules.not.map((each) => fc.constant(each));
  }
}

function wrongTexts(rules: TextRules): readonly fc.Arbitrary<unknown>[] {
  const { minLength = 0, maxLength, pattern, choices, uuid } = rules;
  const fits = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  return [
    ...(minLength > 0 ? [fc.constant('x'.repeat(minLength - 1))] : []),
    ...(maxLength === undefined ? [] : [fc.constant('x'.repeat(maxLength + 1))]),
    ...(fits === undefined
      ? []
      : [
          fc
            .string({ unit: codePoint, minLength: 1 })
            .filter((text) => text.isWellFormed() && !fits.test(text)),
        ]),
    ...(choices === undefined && uuid !== true ? [] : [fc.constant('nothing of these')]),
  ];
}
