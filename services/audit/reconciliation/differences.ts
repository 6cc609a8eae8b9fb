import { clone, equals, toJson } from '@bufbuild/protobuf';
import type { DescMessage, JsonValue, Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { UNTOLD_FIELDS } from './not-told.ts';

/** A field that the trail and the service say differently, both as protobuf JSON. */
export interface Difference {
  /** Such as `lines[0].quantity`. */
  readonly field: string;
  readonly trail: string;
  readonly service: string;
}

/** Enough of a value to know it again. */
const SHOWN_MAX = 200;

/** The fields in which two messages differ, but those that are not told. */
export function differencesOf(
  schema: DescMessage,
  trail: Message,
  service: Message,
): readonly Difference[] {
  const [told, is] = [compared(schema, trail), compared(schema, service)];
  if (equals(schema, told, is)) return [];
  const options = { alwaysEmitImplicit: true };
  return differing('', toJson(schema, told, options), toJson(schema, is, options));
}

/** The fields of a message that are not compared. */
export function untoldFields({ file, name }: DescMessage): ReadonlySet<string> {
  const service = file.proto.package.split('.').at(-2);
  const untold = UNTOLD_FIELDS.filter((each) => each.service === service && each.message === name);
  return new Set(untold.flatMap(({ fields }) => fields));
}

function compared(schema: DescMessage, message: Message): Message {
  const untold = untoldFields(schema);
  if (untold.size === 0) return message;
  const copy = clone(schema, message);
  const fields = reflect(schema, copy);
  for (const field of schema.fields) if (untold.has(field.name)) fields.clear(field);
  return copy;
}

function differing(
  field: string,
  trail: JsonValue | undefined,
  service: JsonValue | undefined,
): readonly Difference[] {
  if (isParted(trail) && isParted(service)) {
    const [told, is] = [new Map(Object.entries(trail)), new Map(Object.entries(service))];
    return [...new Set([...told.keys(), ...is.keys()])].flatMap((name) =>
      differing(pathOf(field, name, Array.isArray(trail)), told.get(name), is.get(name)),
    );
  }
  if (trail === service) return [];
  return [{ field, trail: shown(trail), service: shown(service) }];
}

function isParted(value: JsonValue | undefined): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null;
}

function pathOf(field: string, name: string, inList: boolean): string {
  if (inList) return `${field}[${name}]`;
  return field === '' ? name : `${field}.${name}`;
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, SHOWN_MAX);
}
