import type { DescField } from '@bufbuild/protobuf';
import { readRules } from '@meridian/kit/constraints/read-rules.ts';
import type { FieldRulesRead, NumberRules, ValueRules } from '@meridian/kit/constraints/rules.ts';
import type { Schema } from './schemas.ts';

/** Also RFC 9562's: what the services take. */
const UUID_PATTERN = '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';

/** Adds what the rules of a field ask to the schema of its type. */
export function withRules(field: DescField, schema: Schema): Schema {
  const rules = readRules(field);
  if (rules.unchecked || rules.value === undefined) return schema;
  const ruled = ruledSchema(rules.value, rules, schema);
  // JSON Schema has no word for "or nothing"; beside a pattern, an alternative of it says the same.
  if (!rules.zeroToo || rules.value.kind !== 'text') return ruled;
  const { pattern } = rules.value;
  const or = pattern === undefined ? {} : { pattern: `^$|${pattern}` };
  return Object.fromEntries(
    Object.entries({ ...ruled, ...or }).filter(([key]) => key !== 'minLength'),
  );
}

function ruledSchema(value: ValueRules, field: FieldRulesRead, schema: Schema): Schema {
  switch (value.kind) {
    case 'text': {
      const { minLength, maxLength, pattern, choices, uuid } = value;
      const form = uuid === true ? { format: 'uuid', pattern: UUID_PATTERN } : defined({ pattern });
      return { ...schema, ...defined({ minLength, maxLength, enum: choices }), ...form };
    }
    case 'number':
      return schema['type'] === 'string'
        ? { ...schema, pattern: decimalPattern(value) }
        : { ...schema, ...bounds(value) };
    case 'list': {
      const { minItems, maxItems, unique: uniqueItems, items } = value;
      const each = schema['items'] as Schema;
      return {
        ...schema,
        ...defined({ minItems, maxItems, uniqueItems }),
        ...(items === undefined ? {} : { items: ruledSchema(items, field, each) }),
      };
    }
    case 'map': {
      const { minPairs: minProperties, maxPairs: maxProperties, keys, values } = value;
      const each = schema['additionalProperties'] as Schema;
      return {
        ...schema,
        ...defined({ minProperties, maxProperties }),
        ...(keys === undefined ? {} : { propertyNames: ruledSchema(keys, field, {}) }),
        ...(values === undefined ? {} : { additionalProperties: ruledSchema(values, field, each) }),
      };
    }
    case 'field-mask': {
      const one = `(${value.paths.map((path) => path.replace('*', '\\*')).join('|')})`;
      return { ...schema, pattern: `^(${one}(,${one})*)?$` };
    }
    case 'bytes':
    case 'duration':
    case 'enum':
      // Said by the description: the JSON forms have nothing to bound, and enums are components.
      return schema;
  }
}

function bounds({ minimum, maximum, not }: NumberRules): Schema {
  const [excluded] = not ?? [];
  return {
    ...defined({
      minimum: minimum === undefined ? undefined : Number(minimum),
      maximum: maximum === undefined ? undefined : Number(maximum),
    }),
    ...(excluded === undefined ? {} : { not: { const: Number(excluded) } }),
  };
}

/**
 * The decimal forms of a 64-bit number, which JSON has as a string. Only bounds that a pattern can say:
 * not below zero or one, and at most so many nines.
 */
function decimalPattern({ minimum, maximum }: NumberRules): string {
  const digits = /^9+$/.exec(String(maximum ?? ''))?.[0].length ?? 18;
  const sign = minimum !== undefined && minimum >= 0 ? '' : '-?';
  const positive = `[1-9][0-9]{0,${digits - 1}}`;
  return minimum !== undefined && minimum > 0 ? `^${positive}$` : `^${sign}(0|${positive})$`;
}

function defined(schema: Readonly<Record<string, unknown>>): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined));
}
