import type { ProductChange } from '../product-document.ts';

/** A place in a topic: for each partition the next event that is to come. */
export type Offsets = Readonly<Record<string, string>>;

/** What happened to the catalogue, as far as its topic keeps it. */
export interface CatalogueEvents {
  /** Before whatever has not been applied to the index in use, or has not happened yet. */
  start(): Promise<Offsets>;
  /** Behind all that has happened. */
  end(): Promise<Offsets>;
  /**
   * Whether events have gone from the topic before the index in use had them.
   *
   * @param covered a place before which it has them anyway
   */
  hasGap(covered: Offsets): Promise<boolean>;
  /**
   * Applies events from a place on, until it is closed.
   *
   * @param build who reads: one that was taken for dead takes nothing from its successor
   */
  follow(
    build: string,
    from: Offsets,
    apply: (changes: readonly ProductChange[]) => Promise<void>,
  ): Promise<Following>;
}

/** Events that are applied one after the other. */
export interface Following extends AsyncDisposable {
  /** How many have been. */
  readonly count: number;
  /** Waits until all before a place are. Throws what applying failed with, or the signal ends it. */
  reach(place: Offsets, signal: AbortSignal): Promise<void>;
}
