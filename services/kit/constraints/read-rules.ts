import { getOption, isFieldSet, ScalarType } from '@bufbuild/protobuf';
import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import {
  field as fieldRules,
  FieldRulesSchema,
  Ignore,
  message as messageRules,
  oneof as oneofRules,
} from '../contract/gen/buf/validate/validate_pb.js';
import type { FieldRules } from '../contract/gen/buf/validate/validate_pb.js';
import { needs, wording } from '../contract/gen/meridian/type/v1/field_options_pb.js';
import type { FieldRulesRead, ValueRules } from './rules.ts';

/**
 * Reads what the options of a field ask. Source: buf/validate/validate.proto.
 *
 * @throws {Error} for a rule that is not checked here, which is a mistake in a .proto file.
 */
export function readRules(field: DescField): FieldRulesRead {
  const rules = getOption(field, fieldRules);
  const words = getOption(field, wording);
  const value = readValue(rules, nameOf(field));
  const said =
    (!hasPattern(value) || words.allowed !== '') &&
    (value?.kind !== 'map' || !hasPattern(value.values) || words.allowedValues !== '');
  if (!said) {
    throw new Error(
      `${nameOf(field)}: a pattern needs (meridian.type.v1.wording).allowed, or a refusal could not say what is allowed`,
    );
  }
  return {
    required: rules.required,
    zeroToo: rules.ignore === Ignore.IF_ZERO_VALUE,
    unchecked: rules.ignore === Ignore.ALWAYS,
    value,
    allowed: words.allowed === '' ? undefined : words.allowed,
    allowedValues: words.allowedValues === '' ? undefined : words.allowedValues,
    quotable: !words.unquoted && !isRedacted(field),
  };
}

/** Whether the words that are allowed have to be said: of a text, of the items of a list, of a map's keys. */
function hasPattern(value: ValueRules | undefined): boolean {
  if (value?.kind === 'list') return hasPattern(value.items);
  if (value?.kind === 'map') return hasPattern(value.keys);
  return value?.kind === 'text' && value.pattern !== undefined;
}

/** @throws {Error} for rules of a message as a whole: they would have to be CEL. */
export function refuseMessageRules(desc: DescMessage): void {
  const rules = getOption(desc, messageRules);
  if (rules.cel.length > 0 || rules.celExpression.length > 0 || rules.oneof.length > 0) {
    throw new Error(`${desc.typeName}: rules of a whole message are not checked here; write code`);
  }
}

/** Whether one member of a oneof must be given. */
export function isOneofRequired(oneof: DescMessage['oneofs'][number]): boolean {
  return getOption(oneof, oneofRules).required;
}

/**
 * The field that must be given with this member of a oneof; undefined if it needs none.
 *
 * @throws {Error} for a name that is not that of a text beside it: a mistake in a .proto file
 */
export function neededField(field: DescField): DescField | undefined {
  const name = getOption(field, needs);
  if (name === '') return undefined;
  const needed = field.parent.fields.find((each) => each.name === name);
  if (field.oneof !== undefined && needed?.oneof === undefined && needed?.scalar === TEXT) {
    return needed;
  }
  throw new Error(`${nameOf(field)}: needs must name a string beside its oneof, got '${name}'`);
}

const TEXT = ScalarType.STRING;

function isRedacted({ proto }: DescField): boolean {
  return proto.options?.debugRedact === true;
}

function nameOf({ parent, name }: DescField): string {
  return `${parent.typeName}.${name}`;
}

/** The rules of the value's type; undefined if there are none. */
function readValue(rules: FieldRules, name: string): ValueRules | undefined {
  if (rules.cel.length > 0 || rules.celExpression.length > 0) {
    throw new Error(`${name}: CEL is not checked here; write code`);
  }
  const { type } = rules;
  switch (type.case) {
    case undefined:
      return undefined;
    case 'string':
      return readText(type.value, name);
    case 'int32':
    case 'int64':
    case 'uint32':
      return readNumber(type.value, name);
    case 'bytes': {
      const { minLen, maxLen } = takeOnly(type.value, name, ['minLen', 'maxLen']);
      return {
        kind: 'bytes',
        ...given('minLength', numberOf(minLen)),
        ...given('maxLength', numberOf(maxLen)),
      };
    }
    case 'enum': {
      const { definedOnly, notIn } = takeOnly(type.value, name, ['definedOnly', 'notIn']);
      if (definedOnly !== true) throw new Error(`${name}: an enum must be defined_only`);
      return { kind: 'enum', not: notIn ?? [] };
    }
    case 'fieldMask':
      return { kind: 'field-mask', paths: takeOnly(type.value, name, ['in']).in ?? [] };
    case 'duration':
      return readDuration(type.value, name);
    case 'repeated': {
      const { minItems, maxItems, unique, items } = takeOnly(type.value, name, [
        'minItems',
        'maxItems',
        'unique',
        'items',
      ]);
      return {
        kind: 'list',
        ...given('minItems', numberOf(minItems)),
        ...given('maxItems', numberOf(maxItems)),
        ...given('unique', unique),
        ...given('items', items && readValue(items, name)),
      };
    }
    case 'map': {
      const { minPairs, maxPairs, keys, values } = takeOnly(type.value, name, [
        'minPairs',
        'maxPairs',
        'keys',
        'values',
      ]);
      return {
        kind: 'map',
        ...given('minPairs', numberOf(minPairs)),
        ...given('maxPairs', numberOf(maxPairs)),
        ...given('keys', keys && readValue(keys, name)),
        ...given('values', values && readValue(values, name)),
      };
    }
    default:
      throw new Error(`${name}: rules of the type ${type.case} are not checked here`);
  }
}

type RulesOf<Case extends string> = Extract<FieldRules['type'], { case: Case }>['value'];

function readText(rules: RulesOf<'string'>, name: string): ValueRules {
  const {
    minLen,
    maxLen,
    pattern,
    in: choices,
  } = takeOnly(rules, name, ['minLen', 'maxLen', 'pattern', 'in', 'wellKnown']);
  const { wellKnown } = rules;
  if (wellKnown.case !== undefined && wellKnown.case !== 'uuid') {
    throw new Error(`${name}: string.${wellKnown.case} is not checked here`);
  }
  return {
    kind: 'text',
    ...given('minLength', numberOf(minLen)),
    ...given('maxLength', numberOf(maxLen)),
    ...given('pattern', pattern),
    ...given('choices', choices),
    ...given('uuid', wellKnown.case === 'uuid' ? true : undefined),
  };
}

function readNumber(rules: RulesOf<'int32' | 'int64' | 'uint32'>, name: string): ValueRules {
  const { notIn } = takeOnly<RulesOf<'int64'>, 'notIn'>(rules as RulesOf<'int64'>, name, [
    'lessThan',
    'greaterThan',
    'notIn',
  ]);
  const { lessThan, greaterThan } = rules;
  if (lessThan.case === 'lt' || greaterThan.case === 'gt') {
    throw new Error(`${name}: bounds must be gte and lte, which messages and documents name`);
  }
  return {
    kind: 'number',
    ...given('minimum', greaterThan.value),
    ...given('maximum', lessThan.value),
    ...given('not', notIn),
  };
}

function readDuration(rules: RulesOf<'duration'>, name: string): ValueRules {
  takeOnly(rules, name, ['lessThan', 'greaterThan']);
  const { lessThan, greaterThan } = rules;
  if (lessThan.case === 'lt' || greaterThan.case === 'gt') {
    throw new Error(`${name}: bounds must be gte and lte, which messages and documents name`);
  }
  return {
    kind: 'duration',
    ...given('minSeconds', greaterThan.value && Number(greaterThan.value.seconds)),
    ...given('maxSeconds', lessThan.value && Number(lessThan.value.seconds)),
  };
}

/** The rules that are set, as values; @throws {Error} if another one is set than these. */
function takeOnly<Rules extends Message, Key extends keyof Rules & string>(
  rules: Rules,
  name: string,
  known: readonly (Key | 'wellKnown' | 'lessThan' | 'greaterThan')[],
): { readonly [K in Key]?: Rules[K] } {
  const desc = RULE_SCHEMAS.get(rules.$typeName);
  if (desc === undefined) throw new Error(`${rules.$typeName} is not a message of rules`);
  const taken: Partial<Record<string, unknown>> = {};
  for (const rule of desc.fields) {
    if (!isFieldSet(rules, rule)) continue;
    const key = rule.oneof?.localName ?? rule.localName;
    if (!known.some((each) => each === key)) {
      throw new Error(`${name}: the rule ${rule.name} of ${desc.typeName} is not checked here`);
    }
    if (rule.oneof === undefined) taken[key] = rules[key as Key];
  }
  return taken as { readonly [K in Key]?: Rules[K] };
}

const RULE_SCHEMAS: ReadonlyMap<string, DescMessage> = new Map(
  FieldRulesSchema.fields.flatMap(({ message }) =>
    message === undefined ? [] : [[message.typeName, message]],
  ),
);

function given<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Readonly<Partial<Record<Key, Value>>> {
  return (value === undefined ? {} : { [key]: value }) as Readonly<Partial<Record<Key, Value>>>;
}

function numberOf(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
