import type { TrailEntry } from './history.ts';

/** A page of the entries of a service's aggregates, by subject and, within one, by version. */
export interface TrailPage {
  readonly entries: readonly TrailEntry[];
  /** Undefined on the last page. */
  readonly next: string | undefined;
}

/** Which entries of a service are read. */
export interface TrailQuery {
  /** SPIFFE ID of the service. */
  readonly source: string;
  /** Only these aggregates. @default all */
  readonly subjects?: readonly string[];
  /** The `next` of the page before. @default the first page */
  readonly place?: string;
}

/** What reads the trail: the store of audit itself, or its API. */
export interface Trail {
  page(query: TrailQuery): Promise<TrailPage>;
}

/** All entries of a query, read as they are wanted. */
export async function* entriesOf(
  trail: Trail,
  query: Omit<TrailQuery, 'place'>,
): AsyncGenerator<TrailEntry, void> {
  for (let place: string | undefined; ;) {
    const { entries, next } = await trail.page({
      ...query,
      ...(place === undefined ? {} : { place }),
    });
    yield* entries;
    if (next === undefined) return;
    place = next;
  }
}
