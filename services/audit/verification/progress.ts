const INTERVAL_MS = 1_000;

/** Says every second how many of the entries were read, and at what rate. */
export function progressOn(
  stream: { write(text: string): unknown },
  total: number,
): (entries: number) => void {
  const begin = performance.now();
  let shownAt = begin;
  return (entries) => {
    const now = performance.now();
    if (now - shownAt < INTERVAL_MS) return;
    shownAt = now;
    const perSecond = Math.round((entries * 1e3) / (now - begin));
    stream.write(`${entries} of ${total} entries (${perSecond} a second)\n`);
  };
}
