/** Gives what was made lately to all who ask, and makes it once where several ask at the same time. */
export function cached<T>(
  make: () => Promise<T>,
  keepMs: number,
  now: () => number = Date.now,
): () => Promise<T> {
  let made: { readonly value: Promise<T>; readonly atMs: number } | undefined;
  return async () => {
    if (made !== undefined && now() - made.atMs < keepMs) return await made.value;
    const value = make();
    made = { value, atMs: now() };
    try {
      return await value;
    } catch (error) {
      made = undefined;
      throw error;
    }
  };
}
