import type { z } from 'zod';

/** Whose value may be a secret that somebody pasted. */
const SECRETIVE = /secret|key|token|password|passphrase/i;

/**
 * Where a JSON value first differs from its schema, without what may be a secret: a member with its value, one that is missing,
 * or one that is not known.
 *
 * @param read the value that was held against the schema
 */
export function jsonFault(read: unknown, issues: readonly z.core.$ZodIssue[]): string | undefined {
  const [issue] = issues;
  if (issue === undefined) return undefined;
  if (issue.code === 'invalid_union') {
    const [likeliest = []] = issue.errors.toSorted((one, other) => one.length - other.length);
    return jsonFault(valueAt(read, issue.path), likeliest)?.replace(/^/, prefixOf(issue.path));
  }
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return `${placeOf([...issue.path, key])}, which is not a member`;
  }
  const place = placeOf(issue.path);
  const value = valueAt(read, issue.path);
  if (place === '') return undefined;
  if (value === undefined) return `no ${place}`;
  return SECRETIVE.test(String(issue.path.at(-1))) ? place : `${place}: ${shown(value)}`;
}

type Path = readonly PropertyKey[];

function placeOf(path: Path): string {
  return path.map(String).join('.');
}

function prefixOf(path: Path): string {
  return path.length === 0 ? '' : `${placeOf(path)}: `;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (found, name) => (found as Readonly<Record<PropertyKey, unknown>> | undefined)?.[name],
    value,
  );
}

/** A member that is an object of its own may hold anything. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? 'another form' : JSON.stringify(value);
}
