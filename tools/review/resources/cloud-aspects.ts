import { sides } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';

/** What is said where something is so, without the place and the values. */
type Said = Pick<Told, 'kind' | 'consequence'>;

const SAFE: Said = { kind: 'object-changed', consequence: 'it is kept safe' };

/** Values of which some keep something safe: any other is told as what is lost by it. */
export function keeps(field: RegExp, isSafe: (value: unknown) => boolean, lost: Said): Aspect {
  return {
    field,
    tell: (_change, lines) =>
      lines.map((line) => ({
        property: line.property,
        ...sides(line),
        ...(isSafe(line.after) ? SAFE : lost),
      })),
  };
}

/** A switch that keeps something safe: off is a danger, on is not. */
export function guard(field: RegExp, off: Said): Aspect {
  return keeps(field, isOn, off);
}

/** A switch that takes something safe away: on is a danger, off is not. */
export function release(field: RegExp, on: Said): Aspect {
  return keeps(field, (value) => !isOn(value), on);
}

function isOn(value: unknown): boolean {
  return value === true || value === 'true';
}

/** What is told of a resource that comes, and of one that goes away; of what is left out a note. */
export function whole({
  made = { kind: 'object-added', consequence: 'there is one more' },
  gone = { kind: 'object-removed', consequence: 'it held no data' },
}: {
  readonly made?: Said;
  readonly gone?: Said;
}): Aspect {
  return {
    field: /^$/,
    isOfWholes: true,
    tell: ({ operation }) =>
      operation === 'delete'
        ? [{ ...gone, before: 'there', after: 'none' }]
        : [{ ...made, before: 'none', after: 'there' }],
  };
}

/** What protects or tells, and is missed when it is gone. */
export function missed(kind: Said['kind'], consequence: string): Aspect {
  return whole({ gone: { kind, consequence } });
}

/** Another key reads nothing that the old one wrote, and takes another resource where there are data. */
export const ANOTHER_KEY =
  'another key encrypts it: who may read it is another, and without the old one older data are lost';

/** Amounts of which less is a loss, and none at all the greatest. */
export function atLeast(field: RegExp, less: Said): Aspect {
  return {
    field,
    tell: (_change, lines) =>
      lines.map((line) => ({
        property: line.property,
        ...sides(line),
        // What cannot be read as a number, such as a whole that is gone, may be less.
        ...(line.before === undefined || Number(line.after ?? 0) >= Number(line.before)
          ? SAFE
          : less),
      })),
  };
}
