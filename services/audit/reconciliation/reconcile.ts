import { kindOf } from './aggregates.ts';
import type { AggregateKind } from './aggregates.ts';
import { History } from './history.ts';
import type { Finding, Judgement } from './history.ts';
import { merged, nextOf, rowsOf } from './rows.ts';
import type { ListRows, PlacedRow } from './rows.ts';
import { entriesOf } from './trail.ts';
import type { Trail } from './trail.ts';

/** A service whose rows are held against the trail. */
export interface AuditedService {
  readonly name: string;
  /** Its SPIFFE ID. */
  readonly source: string;
  readonly kinds: readonly { readonly kind: AggregateKind; readonly list: ListRows }[];
}

/** What a walk works with. */
export interface WalkOptions {
  readonly trail: Trail;
  /** Waits a little for what is late; false once that was done often enough. */
  readonly wait: () => Promise<boolean>;
  /** Is told of each aggregate that was looked at, and of how many entries it has. */
  readonly looked?: (kind: AggregateKind, entries: number) => void;
}

/** An aggregate that the trail and its service do not say the same of. */
export interface Suspect extends Judgement {
  readonly kind: AggregateKind;
  readonly subject: string;
  /** Undefined for a history without one. */
  readonly row: PlacedRow | undefined;
}

/** Suspects that are looked at again together: as many subjects as one call of the trail may name. */
const BATCH = 100;

/** Histories that are newer than the row, or have none, until rows are read again: it may only have changed. */
const AHEAD_MAX = 10_000;

/**
 * Walks over the rows of a service and its entries in the trail side by side, a page of each in memory, and
 * gives the aggregates that differ. Each of them was looked at twice at least: what the trail has not got
 * yet is waited for, and a row that is older than its history, or not there, is read again: it has to be as
 * new then, since what is told was committed before.
 */
export async function* suspectsOf(
  service: AuditedService,
  options: WalkOptions,
): AsyncGenerator<Suspect, void> {
  let batch: Suspect[] = [];
  let ahead: Suspect[] = [];
  for await (const suspect of pairs(service, options)) {
    (isAhead(suspect) ? ahead : batch).push(suspect);
    if (batch.length >= BATCH) {
      yield* settled(service, batch, options);
      batch = [];
    }
    if (ahead.length >= AHEAD_MAX) {
      yield* withRows(service, ahead, options);
      ahead = [];
    }
  }
  yield* settled(service, batch, options);
  yield* withRows(service, ahead, options);
}

function isAhead({ row, last }: Pick<Suspect, 'row' | 'last'>): boolean {
  return row === undefined || row.version < last;
}

async function* pairs(
  service: AuditedService,
  { trail, looked }: WalkOptions,
): AsyncGenerator<Suspect, void> {
  const { source } = service;
  const rows = merged(service.kinds.map(({ kind, list }) => rowsOf(kind, list)));
  const entries = entriesOf(trail, { source });
  // Rows first: the trail is to be at least as new.
  let row = await nextOf(rows);
  let entry = await nextOf(entries);
  while (row !== undefined || entry !== undefined) {
    const subject = firstOf(row?.subject, entry?.subject);
    const own = row?.subject === subject ? row : undefined;
    const kind = own?.kind ?? kindOf(service.name, subject);
    const history = new History(kind, own);
    let count = 0;
    while (entry?.subject === subject) {
      history.add(entry);
      count += 1;
      entry = await nextOf(entries);
    }
    looked?.(kind, count);
    const judgement = history.judge();
    const pair = { ...judgement, kind, subject, row: own };
    if (isSuspicious(pair) || isAhead(pair)) yield pair;
    if (own !== undefined) row = await nextOf(rows);
  }
}

function firstOf(one: string | undefined, other: string | undefined): string {
  if (one === undefined) return other ?? '';
  return other === undefined || one < other ? one : other;
}

/** The same suspects with the rows that there are now, looked at again. */
async function* withRows(
  service: AuditedService,
  suspects: readonly Suspect[],
  options: WalkOptions,
): AsyncGenerator<Suspect, void> {
  if (suspects.length === 0) return;
  const now = new Map(
    suspects.map((each) => [each.subject, { ...each, row: undefined as Suspect['row'] }]),
  );
  for (const { kind, list } of service.kinds) {
    for await (const row of rowsOf(kind, list)) {
      const suspect = now.get(row.subject);
      if (suspect !== undefined) suspect.row = row;
    }
  }
  const left = [...now.values()];
  for (let from = 0; from < left.length; from += BATCH) {
    yield* settled(service, left.slice(from, from + BATCH), options, tooOld);
  }
}

/** What was told is committed, so a row that was read later is as new. */
function tooOld({ row, last }: Suspect): readonly Finding[] {
  if (row === undefined || row.version >= last) return [];
  const found = `version ${row.version} was read after the trail had version ${last}`;
  return [{ rule: 'no row is older than its history', found }];
}

/** Looks at the histories of suspects again, until none of them is only late. */
async function* settled(
  service: AuditedService,
  suspects: readonly Suspect[],
  { trail, wait }: WalkOptions,
  also: (before: Suspect) => readonly Finding[] = () => [],
): AsyncGenerator<Suspect, void> {
  const known = new Map(suspects.map((each) => [each.subject, also(each)]));
  for (let left = suspects; left.length > 0;) {
    const waited = left.some(({ behind, row }) => behind || row === undefined) && (await wait());
    const histories = new Map(left.map((each) => [each.subject, new History(each.kind, each.row)]));
    const subjects = [...histories.keys()];
    for await (const entry of entriesOf(trail, { source: service.source, subjects })) {
      histories.get(entry.subject)?.add(entry);
    }
    left = left.flatMap((each) => {
      const judgement = histories.get(each.subject)?.judge() ?? each;
      const findings = [...judgement.findings, ...(known.get(each.subject) ?? [])];
      return findings.length === 0 ? [] : [{ ...each, ...judgement, findings }];
    });
    if (!waited || !left.some(({ behind }) => behind)) {
      yield* left;
      return;
    }
  }
}

function isSuspicious({ findings }: Judgement): boolean {
  return findings.length > 0;
}
