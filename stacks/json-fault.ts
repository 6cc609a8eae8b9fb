import type { z } from 'zod';

/** Whose value may be a secret that somebody pasted. */
const SECRETIVE = /secret|key|token|password|passphrase/i;

/**
 * Where a JSON value first differs from its schema, without what may be a secret: a member with its value, one that is missing,
 * or one that is not known; undefined where it is the whole value.
 *
 * @param issues of a schema that was asked to report its inputs
 */
export function jsonFault([issue]: readonly z.core.$ZodIssue[]): string | undefined {
  if (issue === undefined) return undefined;
  const place = placeOf(issue.path);
  if (issue.code === 'invalid_union') {
    const [likeliest = []] = issue.errors.toSorted((one, other) => one.length - other.length);
    const fault = jsonFault(likeliest);
    return fault === undefined || place === '' ? fault : `${place}: ${fault}`;
  }
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    return `${placeOf([...issue.path, key])}, which is not a member`;
  }
  if (place === '') return undefined;
  if (issue.input === undefined) return `no ${place}`;
  return SECRETIVE.test(String(issue.path.at(-1))) ? place : `${place}: ${shown(issue.input)}`;
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

/** A member that is an object of its own may hold anything. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? 'another form' : JSON.stringify(value);
}
