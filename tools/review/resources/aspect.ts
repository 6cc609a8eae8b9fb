import type { ChangeKind } from '@meridian/policies/severity.ts';
import type { PropertyLine } from '../../meridian/rehearsal/changed-properties.ts';
import { cutAlike } from '../cut-alike.ts';
import type { Finding } from '../finding.ts';
import type { ObjectChange } from './object-change.ts';

/** A finding as an aspect tells it: what it leaves out is said of the object as a whole. */
export type Told = Pick<Finding, 'kind' | 'consequence'> & Partial<Finding>;

/** What is said of some fields of a kind of object. */
export interface Aspect {
  /** Paths of fields as a preview tells them, which are explained by this. */
  readonly field: RegExp;
  /**
   * What a change of them does.
   *
   * @param lines those that changed; all of none where the object is new or goes away
   */
  readonly tell: (change: ObjectChange, lines: readonly PropertyLine[]) => readonly Told[];
  /** Whether it is told of new objects, and of those that go away, as well. @default not */
  readonly isOfWholes?: true;
}

/** The same kind of change of each field that differs. */
export function each(field: RegExp, kind: ChangeKind, consequence: string): Aspect {
  return {
    field,
    tell: (_change, lines) =>
      lines.map((line) => ({ kind, consequence, property: line.property, ...sides(line) })),
  };
}

/** One kind of change of the fields together. */
export function once(
  field: RegExp,
  kind: ChangeKind,
  consequence: string,
  property?: string,
): Aspect {
  return {
    field,
    tell: (_change, lines) => {
      const [only, ...more] = lines;
      if (only === undefined) return [];
      const places = namedPlaces(lines.map((line) => line.property));
      return more.length === 0
        ? [{ kind, consequence, property: property ?? only.property, ...sides(only) }]
        : [{ kind, consequence, property: property ?? places }];
    },
  };
}

const SHOWN_PLACES = 3;

/** Some of the places, and how many there are. */
export function namedPlaces(places: readonly string[]): string {
  const shown = places.slice(0, SHOWN_PLACES).join(', ');
  const more = places.length - SHOWN_PLACES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Both sides of a property, in short: by what differs, where they are too long. */
export function sides({ before, after }: Pick<PropertyLine, 'before' | 'after'>) {
  const [was, is] = cutAlike(onOneLine(before), onOneLine(after), LONGEST);
  return { before: was, after: is };
}

const LONGEST = 80;

/** A value in a few words; 'none' where there is none. */
export function short(value: unknown): string {
  const line = onOneLine(value);
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

function onOneLine(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/\s+/g, ' ');
}

/** What one list has and another has not. */
export function missingIn(one: readonly string[], other: readonly string[]): readonly string[] {
  const known = new Set(other);
  return [...new Set(one)].filter((entry) => !known.has(entry)).toSorted();
}
