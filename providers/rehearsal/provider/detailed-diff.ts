import { isDeepStrictEqual } from 'node:util';
import { isRecord, isSecret } from './property-values.ts';
import type { PropertyPath } from './property-path.ts';

/** One property that differs. */
export interface PropertyChange {
  readonly path: PropertyPath;
  readonly kind: 'add' | 'delete' | 'update';
}

/** The smallest parts in which two values differ, in the order of their keys. */
export function changesBetween(
  before: unknown,
  after: unknown,
  path: PropertyPath = [],
): readonly PropertyChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (before === undefined) return [{ path, kind: 'add' }];
  if (after === undefined) return [{ path, kind: 'delete' }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      changesBetween(before[index], after[index], [...path, index]),
    );
  }
  // A secret is one value, whatever is in it.
  if (isRecord(before) && isRecord(after) && !isSecret(before) && !isSecret(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
    return keys.flatMap((key) => changesBetween(before[key], after[key], [...path, key]));
  }
  return [{ path, kind: 'update' }];
}
