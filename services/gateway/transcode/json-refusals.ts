import { fromJson } from '@bufbuild/protobuf';
import type { DescField, DescMessage, JsonValue } from '@bufbuild/protobuf';
import { findField, isWellKnown } from './http-binding.ts';
import { isObject, mustBe, mustBeMessage } from './json-kinds.ts';
import type { JsonPath } from './json-text.ts';
import { MAX_VIOLATIONS } from './violation.ts';
import type { Violation } from './violation.ts';

/** So many characters are read again to find what is refused: of a large body the first part only. */
const MAX_READ_CHARACTERS = MAX_VIOLATIONS * 65_536;

/** A path is cut here: it may hold names that the caller chose. */
const MAX_PATH_CHARACTERS = 200;

/**
 * Each part of a message's JSON that the protobuf JSON reader refuses, as far as it can be told. What
 * is found is taken out of the JSON, for the reader to go on behind it.
 */
export function takeRefusals(
  schema: DescMessage,
  json: JsonValue,
  characters: number,
): readonly Violation[] {
  const times = Math.max(1, Math.min(MAX_VIOLATIONS, MAX_READ_CHARACTERS / characters));
  const found: Violation[] = [];
  for (let time = 1; time <= times; time += 1) {
    const refused = firstRefusal(schema, json);
    if (refused === undefined) break;
    const { path, detail } = explain(schema, json, refused);
    found.push({ field: renderPath(schema, path), detail });
    if (!takeOut(json, path)) break;
  }
  return found;
}

/** A path by its names in JSON, as every violation has it: `products[3].price.currencyCode`. */
export function renderPath(schema: DescMessage, path: JsonPath): string {
  let rendered = '';
  for (const { step, holder } of walk(schema, path)) {
    if (typeof step === 'number') rendered += `[${step}]`;
    // A key of a map is of the caller's choosing, so that it stands in quotes.
    else if (holder === 'map') rendered += `[${JSON.stringify(step.replaceAll('\0', ''))}]`;
    else {
      const name = typeof holder === 'object' ? holder.jsonName : step;
      rendered += rendered === '' ? name : `.${name}`;
    }
  }
  return rendered.slice(0, MAX_PATH_CHARACTERS);
}

/** Where the reader gave up, and what it said. */
interface Refusal {
  readonly path: JsonPath;
  readonly reason: string;
}

/**
 * The reader says what it refuses, not where. It reads a value just before it refuses it, in order: so
 * what it has read last is where it gave up.
 */
function firstRefusal(schema: DescMessage, json: JsonValue): Refusal | undefined {
  let last: JsonPath = [];
  const watch = (value: JsonValue, at: JsonPath): JsonValue => {
    if (typeof value !== 'object' || value === null) return value;
    return new Proxy(value, {
      get: (target, key) => {
        const inner = Reflect.get(target, key) as JsonValue;
        if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return inner;
        if (Array.isArray(target) && key === 'length') return inner;
        last = [...at, Array.isArray(target) ? Number(key) : key];
        return watch(inner, last);
      },
    });
  };
  try {
    fromJson(schema, watch(json, []));
    return undefined;
  } catch (error) {
    return { path: last, reason: String(error) };
  }
}

function explain(
  schema: DescMessage,
  json: JsonValue,
  { path, reason }: Refusal,
): { readonly path: JsonPath; readonly detail: string } {
  if (reason.includes('maximum recursion depth')) {
    return { path, detail: 'is nested more than 100 times' };
  }
  const steps = walk(schema, path);
  // What is inside of a well-known type is its own affair: it is refused as a whole.
  const whole = steps.findIndex(({ message }) => message !== undefined && isWellKnown(message));
  const end = whole < 0 ? path.length : whole + 1;
  const shortened = path.slice(0, end);
  const value = valueAt(json, shortened);
  const step = steps[end - 1];
  if (step === undefined) return { path: shortened, detail: mustBeMessage(schema, value) };
  const { field, holder } = step;
  if (field === undefined) return { path: shortened, detail: 'is not a field of the contract' };
  const siblings = valueAt(json, shortened.slice(0, -1));
  const twice = holder === field ? givenTwice(field, siblings) : undefined;
  return { path: shortened, detail: twice ?? mustBe(field, value, step.repeats) };
}

/** What a step of a path leads to. */
interface Step {
  readonly step: string | number;
  /** What the step is taken in: a field of a message, a key of a map, or what has no schema. */
  readonly holder: DescField | 'map' | undefined;
  /** The field that the value belongs to, as a whole or as one of its items. */
  readonly field: DescField | undefined;
  /** Whether the value is all of a field that repeats. */
  readonly repeats: boolean;
  /** What the value is, if that is one message. */
  readonly message: DescMessage | undefined;
}

function walk(schema: DescMessage, path: JsonPath): readonly Step[] {
  const steps: Step[] = [];
  let message: DescMessage | undefined = schema;
  let repeated: DescField | undefined;
  for (const step of path) {
    const known: DescField | undefined =
      message !== undefined && typeof step === 'string' ? findField(message, step) : undefined;
    const field: DescField | undefined = repeated ?? known;
    const repeats: boolean =
      repeated === undefined && (field?.fieldKind === 'list' || field?.fieldKind === 'map');
    const holder = repeated?.fieldKind === 'map' ? 'map' : known;
    repeated = repeats ? field : undefined;
    message = repeats ? undefined : field?.message;
    steps.push({ step, holder, field, repeats, message });
  }
  return steps;
}

/** How a field is given beside another name of it, or beside another member of its oneof. */
function givenTwice({ name, jsonName, oneof }: DescField, siblings: JsonValue): string | undefined {
  if (!isObject(siblings)) return undefined;
  if (name !== jsonName && Object.hasOwn(siblings, name) && Object.hasOwn(siblings, jsonName)) {
    return 'is given twice';
  }
  const other = oneof?.fields.find(
    (each) =>
      each.jsonName !== jsonName &&
      [each.name, each.jsonName].some((key) => (siblings[key] ?? null) !== null),
  );
  return other === undefined ? undefined : `is given as ${other.jsonName} already`;
}

function valueAt(json: JsonValue, path: JsonPath): JsonValue {
  let at: JsonValue = json;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return null;
    at = (at as Record<string | number, JsonValue | undefined>)[step] ?? null;
  }
  return at;
}

/** Removes what a path leads to, or the field whose item that is; tells whether it could. */
function takeOut(json: JsonValue, path: JsonPath): boolean {
  const name = path.findLastIndex((step) => typeof step === 'string');
  const holder = valueAt(json, path.slice(0, Math.max(0, name)));
  return name >= 0 && isObject(holder) && Reflect.deleteProperty(holder, path[name] ?? '');
}
