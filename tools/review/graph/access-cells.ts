import { answerOf, COLUMNS, letsIn, WHOSE, YES } from '@meridian/language/access.ts';
import type { AccessRow, Whose } from '@meridian/language/access.ts';
import type { Finding } from '../finding.ts';
import { isWrite, ofMember } from './comparison.ts';
import type { Comparison } from './comparison.ts';
import { unknownChange } from './members.ts';
import { reachOf } from './reach.ts';
import type { Reach } from './reach.ts';

/** Whose object it is, in words. */
const OF: Readonly<Record<Whose, string>> = {
  own: 'their own',
  another: "somebody else's",
  absent: 'what there is not',
};

type Column = (typeof COLUMNS)[number];

/**
 * What those who might ask before, and may now, get for whose object: the graph has who may ask, and the table of a
 * service has this.
 */
export function accessCellFindings(comparison: Comparison): readonly Finding[] {
  const { base, head } = comparison;
  const before = reachOf(base.graph);
  return [...reachOf(head.graph).values()].flatMap((reach) => {
    const old = base.access[reach.service]?.[reach.method];
    const now = head.access[reach.service]?.[reach.method];
    if (old === undefined || now === undefined) return [];
    const cells = COLUMNS.flatMap((column) =>
      letsIn(old[column]) === letsIn(now[column])
        ? WHOSE.flatMap((whose) => cell(comparison, reach, { column, whose, old, now }))
        : [],
    );
    const former = before.get(`${reach.service}.${reach.method}`);
    return [
      ...merged(cells),
      ...provided(comparison, reach, { old, now }),
      ...unseen(former, reach, { old, now }),
    ];
  });
}

interface Cell {
  readonly column: Column;
  readonly whose: Whose;
  readonly old: AccessRow;
  readonly now: AccessRow;
}

/** A finding of one cell, without the caller, whom those of a row differ in. */
interface CellFinding {
  readonly column: Column;
  readonly finding: (columns: string) => Finding;
}

function cell(
  comparison: Comparison,
  reach: Reach,
  { column, whose, old, now }: Cell,
): readonly CellFinding[] {
  const [before, after] = [answerOf(old[column], whose), answerOf(now[column], whose)];
  if (before === after) return [];
  const opens = after === YES || (before !== YES && after === 'NOT_FOUND');
  const does = isWrite(comparison, reach.path) ? 'change' : 'read';
  const kind =
    after === YES && whose === 'another'
      ? 'newly-reachable'
      : opens
        ? 'rights-added'
        : 'rights-removed';
  const consequence =
    after === YES
      ? `they ${does} ${OF[whose]}`
      : before === YES
        ? `they no longer ${does} ${OF[whose]}`
        : opens
          ? 'they are told which there are'
          : 'they are no longer told which there are';
  return [
    {
      column,
      finding: (columns) =>
        ofMember(`service ${reach.service}`, 'access', {
          kind,
          subject: `${columns} → ${reach.routes[0] ?? ''} → ${reach.service}.${reach.method} of ${OF[whose]}`,
          among: 'routes',
          word: reach.method,
          before,
          after,
          consequence,
        }),
    },
  ];
}

/** A row that lets in others than before, of which the graph says nothing: the two are made of the same declaration. */
function unseen(
  former: Reach | undefined,
  reach: Reach,
  { old, now }: { readonly old: AccessRow; readonly now: AccessRow },
): readonly Finding[] {
  if (former === undefined) return [];
  return COLUMNS.filter(
    (column) =>
      letsIn(old[column]) !== letsIn(now[column]) &&
      former.who.includes(column) === reach.who.includes(column),
  ).map((column) =>
    unknownChange(
      {
        declaration: `service ${reach.service}`,
        subject: `${column} → ${reach.service}.${reach.method}`,
        among: 'routes',
      },
      'access',
      old[column],
      now[column],
    ),
  );
}

/** One finding for all callers of whom the same is to be said. */
function merged(cells: readonly CellFinding[]): readonly Finding[] {
  const groups = Map.groupBy(cells, ({ finding }) => JSON.stringify(finding('')));
  return [...groups.values()].flatMap((group) => {
    const columns = group.map(({ column }) => column).join(', ');
    return group[0]?.finding(columns) ?? [];
  });
}

function provided(
  comparison: Comparison,
  reach: Reach,
  { old, now }: { readonly old: AccessRow; readonly now: AccessRow },
): readonly Finding[] {
  if (old.provided === now.provided) return [];
  const isAdded = old.provided === undefined;
  const isDropped = now.provided === undefined;
  const isOfWrite = isWrite(comparison, reach.path);
  return [
    ofMember(`service ${reach.service}`, 'access', {
      kind: isAdded ? 'rights-removed' : isOfWrite ? 'condition-dropped' : 'rights-added',
      subject: `${reach.routes[0] ?? ''} → ${reach.service}.${reach.method}`,
      among: 'routes',
      property: 'provided that',
      // The row's own line: that of the condition itself, wherever its method stands.
      word: now.provided ?? old.provided ?? reach.method,
      before: old.provided ?? 'nothing',
      after: now.provided ?? 'nothing',
      consequence: isAdded
        ? 'less is let through'
        : isDropped
          ? `what had to be so before anybody ${isOfWrite ? 'changes' : 'reads'} it is asked no more`
          : 'something else has to be so, which may be less',
    }),
  ];
}
