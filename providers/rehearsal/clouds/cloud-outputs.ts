import { asSecret, isRecord, isSecret } from '../provider/property-values.ts';
import type { Properties } from '../provider/property-values.ts';
import { cloudType, referredTo } from './cloud-types.ts';
import type { CloudSchema } from './cloud-types.ts';

/** Begins every text that stands for what only a cloud could tell. */
export const PLACEHOLDER = 'rehearsal:';

/** What stands for what the inputs do not say. */
export interface Unsaid {
  /** What it was before, of a resource that is only updated. @default it is made now */
  readonly before?: Properties;
  /** What stands for anything that is not known before it is made. @default a text that follows from the identity */
  readonly unknown?: unknown;
}

/**
 * What a resource has once it is made: its inputs, and whatever else its type says is there, to the depth of what is declared. Without
 * a mark for the unknown it follows from the identity, so two rehearsals are equal.
 */
export function cloudOutputs(
  token: string,
  identity: string,
  inputs: Properties,
  unsaid: Unsaid = {},
): Properties {
  const type = cloudType(token);
  if (type === undefined) return inputs;
  const made = completed(type.outputs, inputs, { ...unsaid, place: `${PLACEHOLDER}${identity}` });
  return Object.fromEntries(
    Object.entries(made as Properties).map(([name, value]) => [
      name,
      type.secrets.includes(name) && value !== undefined ? asSecret(value) : value,
    ]),
  );
}

/** As deep as types are followed, some of which hold themselves. */
const MOST_LEVELS = 8;

interface Place {
  readonly before?: unknown;
  readonly unknown?: unknown;
  /** The placeholder's text. */
  readonly place: string;
  readonly level?: number;
}

function completed(given: CloudSchema, value: unknown, at: Place): unknown {
  const schema = referredTo(given);
  const { level = 0 } = at;
  if (level > MOST_LEVELS || isSecret(value)) return value;
  if (value === undefined) return unsaidValue(schema, at);
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    return value.map((member, index) => completed(items, member, below(at, index)));
  }
  if (!isRecord(value) || schema.properties === undefined) return value;
  const { properties, required = [] } = schema;
  const names = new Set([...Object.keys(value), ...required]);
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      completed(properties[name] ?? {}, value[name], below(at, name)),
    ]),
  );
}

function below(at: Place, key: string | number): Place {
  const { before } = at;
  return {
    ...at,
    before: typeof before === 'object' && before !== null ? Reflect.get(before, key) : undefined,
    place: `${at.place}.${key}`,
    level: (at.level ?? 0) + 1,
  };
}

function unsaidValue(schema: CloudSchema, at: Place): unknown {
  if (at.before !== undefined) return at.before;
  if (at.unknown !== undefined) return at.unknown;
  const [type] = [schema.type].flat();
  switch (type) {
    case 'number':
      return 0;
    case 'boolean':
      return false;
    case 'array':
      return [completed(schema.items ?? {}, undefined, below(at, 0))];
    case 'object':
      return completed(schema, {}, at);
    default:
      return schema.enum?.[0] ?? at.place;
  }
}
