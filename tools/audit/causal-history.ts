import type { Entry } from './entry.ts';

/**
 * Entries so that causes stand before what they caused, never by clocks: the version before of the same
 * aggregate, and the event that the causation names, come first. What neither orders keeps the order of the log.
 * Of entries that contradict each other the one with the lowest index goes first.
 */
export function causalHistory(entries: readonly Entry[]): readonly Entry[] {
  const inLog = entries.toSorted((one, other) => one.index - other.index);
  const before = predecessors(inLog);
  const ordered: Entry[] = [];
  const done = new Set<Entry>();
  const visit = (entry: Entry): void => {
    // Marked before its causes are looked at, so that a circle ends.
    if (done.has(entry)) return;
    done.add(entry);
    for (const earlier of before.get(entry) ?? []) visit(earlier);
    ordered.push(entry);
  };
  for (const entry of inLog) visit(entry);
  return ordered;
}

/** What is known to come before each, as far as it is among the entries. */
function predecessors(entries: readonly Entry[]): ReadonlyMap<Entry, readonly Entry[]> {
  const byId = new Map(entries.map((entry) => [entry.eventId, entry]));
  const ofAggregate = Map.groupBy(entries, ({ source, subject }) => `${source}\n${subject}`);
  const before = new Map<Entry, Entry[]>();
  const follows = (entry: Entry, earlier: Entry | undefined): void => {
    if (earlier !== undefined) before.set(entry, [...(before.get(entry) ?? []), earlier]);
  };
  for (const versions of ofAggregate.values()) {
    const told = versions
      .filter(({ version }) => version !== undefined)
      .toSorted((one, other) => (one.version ?? 0) - (other.version ?? 0));
    for (const [position, entry] of told.entries()) follows(entry, told[position - 1]);
  }
  for (const entry of entries) follows(entry, byId.get(entry.causationId ?? ''));
  return before;
}
