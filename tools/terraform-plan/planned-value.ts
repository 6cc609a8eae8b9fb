import { isRecord } from '@meridian/provider-rehearsal/provider/property-values.ts';
import { isEncrypted } from '../meridian/rehearsal/exported-resource.ts';
import { referring } from './references.ts';
import type { Addresses } from './references.ts';
import type { TerraformField, TerraformFields } from './terraform-names.ts';

/** A value of a plan: what of it is known, what is not, what is secret, and what it is made of. */
export interface PlannedValue {
  /** Undefined where nothing of it is known. */
  readonly value: unknown;
  /** True, or the members that are not known. */
  readonly unknown: unknown;
  /** True, or the members that are secret. */
  readonly sensitive: unknown;
  /** As a configuration has it: constants, references, and blocks of those. */
  readonly expression: unknown;
}

/** What values are turned with. */
export interface Turning {
  readonly addresses: Addresses;
  /** Told of a property that Terraform's table has no name of. */
  readonly onNameless: (property: string) => void;
}

/** What Terraform would plan of a property. A secret is in no part of it. */
export function plannedValue(
  given: unknown,
  field: TerraformField,
  turning: Turning,
): PlannedValue {
  const isOne = field.one === true && !Array.isArray(given);
  const value = isOne ? [given] : given;
  if (field.fields === undefined) return plainValue(value, turning);
  return blockValue(value, field.fields, turning);
}

/** What Terraform would plan of the properties of a resource or block, by their names there. */
export function plannedFields(
  given: Readonly<Record<string, unknown>>,
  fields: TerraformFields,
  turning: Turning,
): PlannedValue {
  const planned = Object.entries(given).flatMap(([property, value]) => {
    const field = fields[property];
    if (field === undefined) {
      // Properties of Pulumi's own, such as __defaults, are not a property of Terraform's.
      if (!property.startsWith('__')) turning.onNameless(property);
      return [];
    }
    return [[field.name, plannedValue(value, field, turning)] as const];
  });
  const parts = (part: keyof PlannedValue) =>
    Object.fromEntries(
      planned.flatMap(([name, of]) => (of[part] === undefined ? [] : [[name, of[part]]])),
    );
  return {
    value: parts('value'),
    unknown: parts('unknown'),
    sensitive: parts('sensitive'),
    expression: parts('expression'),
  };
}

function blockValue(value: unknown, fields: TerraformFields, turning: Turning): PlannedValue {
  if (Array.isArray(value)) {
    const members = value.map((member: unknown) => blockValue(member, fields, turning));
    return listOf(members, (member) => member.expression);
  }
  return isRecord(value) && !isEncrypted(value)
    ? plannedFields(value, fields, turning)
    : plainValue(value, turning);
}

/** A value whose members Terraform gives no names of its own: texts, numbers, lists, maps. */
function plainValue(given: unknown, turning: Turning): PlannedValue {
  if (isEncrypted(given)) {
    return { value: undefined, unknown: true, sensitive: true, expression: { references: [] } };
  }
  if (typeof given === 'string') return textValue(given, turning);
  if (Array.isArray(given)) {
    const members = given.map((member: unknown) => plainValue(member, turning));
    return { ...listOf(members, () => undefined), expression: expressionOf(members, given) };
  }
  if (!isRecord(given)) {
    return {
      ...{ value: given, unknown: undefined, sensitive: undefined },
      expression: { constant_value: given },
    };
  }
  const members = Object.entries(given).map(
    ([name, member]) => [name, plainValue(member, turning)] as const,
  );
  const parts = (part: 'value' | 'unknown' | 'sensitive') =>
    Object.fromEntries(
      members.flatMap(([name, of]) => (of[part] === undefined ? [] : [[name, of[part]]])),
    );
  const expression = expressionOf(
    members.map(([, member]) => member),
    given,
  );
  return {
    value: parts('value'),
    unknown: parts('unknown'),
    sensitive: parts('sensitive'),
    expression,
  };
}

function textValue(given: string, { addresses }: Turning): PlannedValue {
  const { text, isWhole, references } = referring(given, addresses);
  const isConstant = text === given;
  return {
    value: isWhole ? undefined : text,
    unknown: isWhole ? true : undefined,
    sensitive: undefined,
    expression: isConstant ? { constant_value: text } : { references: withResources(references) },
  };
}

function listOf(
  members: readonly PlannedValue[],
  expression: (member: PlannedValue) => unknown,
): PlannedValue {
  return {
    value: members.map(({ value }) => value ?? null),
    unknown: members.map(({ unknown }) => unknown ?? false),
    sensitive: members.map(({ sensitive }) => sensitive ?? false),
    expression: members.map(expression),
  };
}

function expressionOf(members: readonly PlannedValue[], constant: unknown): unknown {
  const references = members.flatMap(({ expression }) => referencesIn(expression));
  const isConstant = members.every(
    ({ expression }) => isRecord(expression) && 'constant_value' in expression,
  );
  return isConstant ? { constant_value: constant } : { references: [...new Set(references)] };
}

/** Everything that an expression refers to, in blocks as well. */
export function referencesIn(expression: unknown): readonly string[] {
  if (Array.isArray(expression)) return expression.flatMap(referencesIn);
  if (!isRecord(expression)) return [];
  const { references } = expression;
  if (Array.isArray(references)) return references as readonly string[];
  return 'constant_value' in expression ? [] : Object.values(expression).flatMap(referencesIn);
}

/** Terraform lists an attribute and then its resource. */
function withResources(references: readonly string[]): readonly string[] {
  return [...new Set(references.flatMap((one) => [one, one.split('.').slice(0, 2).join('.')]))];
}
