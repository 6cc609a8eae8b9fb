import { reflect } from '@bufbuild/protobuf/reflect';
import type { Message } from '@bufbuild/protobuf';
import { valueOf, versionOf } from './aggregates.ts';
import type { AggregateKind } from './aggregates.ts';
import type { Row } from './history.ts';

/** A row with its place among those of its service. */
export interface PlacedRow extends Row {
  readonly kind: AggregateKind;
  readonly subject: string;
}

/** Lists the rows of a kind by id, a page at a time (AIP-158). */
export type ListRows = (pageToken: string) => Promise<{
  readonly rows: readonly Message[];
  readonly next: string;
}>;

/** The rows of a kind in the order of their subjects, read as they are wanted. */
export async function* rowsOf(
  kind: AggregateKind,
  list: ListRows,
): AsyncGenerator<PlacedRow, void> {
  let former = '';
  for (let token = ''; ;) {
    const { rows, next } = await list(token);
    for (const state of rows) {
      const fields = reflect(kind.state, state);
      const subject = `${String(valueOf(fields, kind.id))}${kind.suffix}`;
      // A walk beside the trail needs it.
      if (subject <= former) throw new Error(`${kind.service} lists ${subject} after ${former}`);
      former = subject;
      yield { kind, subject, version: versionOf(fields), state };
    }
    if (next === '') return;
    token = next;
  }
}

/** Walks that are in order as one that is. */
export async function* merged(
  walks: readonly AsyncGenerator<PlacedRow, void>[],
): AsyncGenerator<PlacedRow, void> {
  const heads = await Promise.all(walks.map((walk) => nextOf(walk)));
  for (;;) {
    let first: number | undefined;
    for (const [index, head] of heads.entries()) {
      const least = first === undefined ? undefined : heads[first];
      if (head !== undefined && (least === undefined || head.subject < least.subject))
        first = index;
    }
    const head = first === undefined ? undefined : heads[first];
    const walk = first === undefined ? undefined : walks[first];
    if (head === undefined || walk === undefined || first === undefined) return;
    yield head;
    heads[first] = await nextOf(walk);
  }
}

/** The next of a walk; undefined at its end. */
export async function nextOf<Item>(walk: AsyncGenerator<Item, void>): Promise<Item | undefined> {
  const result: IteratorResult<Item, void> = await walk.next();
  return result.done === true ? undefined : result.value;
}
