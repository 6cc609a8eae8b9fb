import { pathText } from '../provider/property-path.ts';
import { hasUnknown, isRecord } from '../provider/property-values.ts';
import type { Properties } from '../provider/property-values.ts';
import type { Problem } from '../schemas/problem.ts';
import { PLACEHOLDER } from './cloud-outputs.ts';
import { LIMITS } from './limit-table.ts';
import type { Limit } from './limit-table.ts';

/** Values of a type's inputs that the cloud is known to refuse. */
export function limitProblems(token: string, inputs: Properties): readonly Problem[] {
  return (LIMITS[token] ?? []).flatMap((limit) =>
    valuesAt(inputs, limit.property.split('.')).flatMap(([path, value]) => {
      if (hasUnknown(value) || isPlaceholder(value)) return [];
      const allowed = refusedBy(limit, value);
      return allowed === undefined
        ? []
        : [{ path, message: `must be ${allowed}, got ${JSON.stringify(value)}` }];
    }),
  );
}

/** What is allowed, undefined for a value that is. */
function refusedBy(limit: Limit, value: unknown): string | undefined {
  if ('values' in limit) {
    const { values } = limit;
    return values.includes(value as string | number)
      ? undefined
      : `one of ${values.map((one) => JSON.stringify(one)).join(', ')}`;
  }
  if ('range' in limit) {
    const [least, most] = limit.range;
    const number = Number(value);
    return number >= least && number <= most ? undefined : `${String(least)} to ${String(most)}`;
  }
  return limit.pattern.test(String(value)) ? undefined : limit.form;
}

/** What a rehearsal made up itself has no form. */
function isPlaceholder(value: unknown): boolean {
  return typeof value === 'string' && value.includes(PLACEHOLDER);
}

/** The values at a path, each with where it is; `*` is every member of a list. */
function valuesAt(
  value: unknown,
  [key, ...rest]: readonly string[],
  place: readonly (string | number)[] = [],
): readonly (readonly [path: string, value: unknown])[] {
  if (value === undefined || value === null) return [];
  if (key === undefined) return [[pathText(place), value]];
  if (key === '*') {
    if (!Array.isArray(value)) return [];
    return value.flatMap((member, index) => valuesAt(member, rest, [...place, index]));
  }
  return isRecord(value) ? valuesAt(value[key], rest, [...place, key]) : [];
}
