import type { ChangeKind } from '@meridian/policies/severity.ts';
import { amountText } from './amount-text.ts';
import { quantityOf, secondsOf } from './amounts.ts';
import { short, sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';
import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';

/** What is told of an amount that goes down, and of one that goes up. */
interface Directions {
  readonly less: Pick<Told, 'kind' | 'consequence'>;
  readonly more: Pick<Told, 'kind' | 'consequence'>;
}

/** How long or how much is kept, where less is a loss. */
const KEPT: Directions = {
  less: { kind: 'retention-cut', consequence: 'what is older than that is deleted' },
  more: { kind: 'object-changed', consequence: 'it is kept longer' },
};

const BACKUPS: Directions = {
  less: { kind: 'backup-cut', consequence: 'there is no way back to what is older' },
  more: { kind: 'object-changed', consequence: 'backups are kept longer' },
};

/** How long or how much of something is kept; -1 and nothing at all are for ever. */
export function retention(field: RegExp): Aspect {
  return { field, tell: (_change, lines) => lines.map((line) => kept(line, KEPT)) };
}

/** How long backups are kept. */
export function backupRetention(field: RegExp): Aspect {
  return { field, tell: (_change, lines) => lines.map((line) => kept(line, BACKUPS)) };
}

/** What is told of a retention, where its value is not for a table to know. */
export function keptLine(line: PropertyLine): Told {
  return kept(line, KEPT);
}

function kept(line: PropertyLine, { less, more }: Directions): Told {
  const [before, after] = [amountKept(line.before), amountKept(line.after)];
  const told = { property: line.property, ...amounts(line) };
  if (before === undefined || after === undefined) {
    // A size or a span that nobody can read: it may be less.
    return { ...told, ...less };
  }
  return { ...told, ...(after < before ? less : more) };
}

/** Both sides in days or GiB where they can be told in those. */
function amounts(line: PropertyLine): ReturnType<typeof sides> {
  const [before, after] = [line.before, line.after].map((value) =>
    value === undefined || short(value) === '-1' ? 'for ever' : amountText(line.property, value),
  );
  return before === undefined || after === undefined ? sides(line) : { before, after };
}

/** In seconds or bytes: both sides are of one kind. */
function amountKept(value: unknown): number | undefined {
  if (value === undefined || short(value) === '-1') return Number.POSITIVE_INFINITY;
  const text = short(value).trim();
  if (/^\d+$/.test(text)) return Number(text);
  return secondsOf(text) ?? quantityOf(text);
}

/** What of a value that is one of a few means that data go with their object. */
export function keepsVolumes(field: RegExp, keeps: (value: unknown) => boolean): Aspect {
  return {
    field,
    tell: (_change, lines) =>
      lines.map((line) => {
        const kind: ChangeKind = keeps(line.after) ? 'object-changed' : 'data-unprotected';
        return {
          kind,
          property: line.property,
          ...sides(line),
          consequence: keeps(line.after)
            ? 'data stay when their object goes'
            : 'data go together with their object',
        };
      }),
  };
}
