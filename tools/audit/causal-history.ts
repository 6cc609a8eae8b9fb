import type { Entry } from './entry.ts';

/**
 * Entries so that causes stand before what they caused, never by clocks: the version before of the same
 * aggregate, and the event that the causation names, come first; of what the effect of a saga caused, the saga's
 * beginning does, and what others did about it comes before what the saga made of that. What neither orders keeps the order of the log.
 * Of entries that contradict each other the one with the lowest index goes first.
 */
export function causalHistory(entries: readonly Entry[]): readonly Entry[] {
  const inLog = entries.toSorted((one, other) => one.index - other.index);
  const before = predecessors(inLog);
  const ordered: Entry[] = [];
  /** What is left of the causes of each that was begun, so that a circle ends. */
  const begun = new Map<Entry, Iterator<Entry>>();
  for (const entry of inLog) {
    // A list of its own, as a chain may be longer than calls can be deep.
    const waiting = begun.has(entry) ? [] : [entry];
    for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
      const causes = begun.get(top) ?? (before.get(top) ?? []).values();
      begun.set(top, causes);
      const next = causes.next();
      if (next.done === true) {
        ordered.push(top);
        waiting.pop();
      } else if (!begun.has(next.value)) waiting.push(next.value);
    }
  }
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
  const effects = Map.groupBy(entries, ({ causationId = '' }) => EFFECT.exec(causationId)?.[0]);
  effects.delete(undefined);
  for (const [effect = '', caused] of effects) {
    const saga = entries.filter(({ subject }) => subject === EFFECT.exec(effect)?.[1]);
    const beginning = saga.find(
      ({ version, causationId = '' }) => version === 1 && !EFFECT.test(causationId),
    );
    if (beginning === undefined) continue;
    const others = caused.filter(({ source }) => source !== beginning.source);
    for (const entry of others) follows(entry, beginning);
    // What a saga makes of an answer it tells when it has it.
    for (const entry of caused) {
      if (!others.includes(entry)) for (const earlier of others) follows(entry, earlier);
    }
  }
  return before;
}

/** What a saga asks for, by the id of its aggregate and a number; no event is called so. */
const EFFECT = /^([^/]+)\/\d+$/;
