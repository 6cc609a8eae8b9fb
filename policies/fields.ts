import type { Fields } from './rule.ts';

/** The members of a value; none where it is not an object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

/** The elements of a list; none where it is not a list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The elements of a list that are objects. */
export function objectsIn(value: unknown): readonly Fields[] {
  return listOf(value).map(fieldsOf);
}

/**
 * What stands at a place.
 *
 * @param path names with a point between them, such as 'spec.kafka.listeners'; a name with a point in it is a call of its own
 */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((found, name) => fieldsOf(found)[name], value);
}

/** The members of an object that is given as text; undefined for any other text. */
export function fieldsOfText(text: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** How a value is told of. */
export function shown(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}

/** A value as a word of a line, whatever it is: a text as it stands, an object as JSON (`String` throws where one has a `toString`). */
export function wordOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** Whether all of these labels are among those. Source: Kubernetes, LabelSelector, matchLabels. */
export function hasLabels(labels: Fields, wanted: Fields): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** A text; empty where it is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
