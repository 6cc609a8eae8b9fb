/** Cuts a sequence into arrays of `size`, the last one maybe shorter, without holding all of it. */
export function* batchesOf<T>(values: Iterable<T>, size: number): Generator<T[], void, undefined> {
  let batch: T[] = [];
  for (const value of values) {
    batch.push(value);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
