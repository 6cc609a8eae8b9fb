/** Compares by UTF-16 code unit: the same on every machine, whatever its locale. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** A copy sorted by name. */
export function sortedByName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return items.toSorted((left, right) => compareText(left.name, right.name));
}

/** A sorted copy without repeats. */
export function sortedUnique(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted(compareText);
}
