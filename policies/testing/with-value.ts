import { fieldsOf } from '../fields.ts';

/** The same value with another in a place, or without one. */
export function withValue(
  value: unknown,
  [first, ...rest]: readonly (string | number)[],
  to: unknown,
): unknown {
  if (first === undefined) return to;
  if (Array.isArray(value)) {
    const elements: readonly unknown[] = value;
    const place = Number(first);
    return rest.length === 0 && to === undefined
      ? elements.toSpliced(place, 1)
      : elements.toSpliced(place, 1, withValue(elements[place], rest, to));
  }
  const { [first]: member, ...others } = fieldsOf(value);
  const altered = withValue(member, rest, to);
  return altered === undefined ? others : { ...others, [first]: altered };
}
