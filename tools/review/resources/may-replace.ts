import { isDeepStrictEqual } from 'node:util';
import { isOfCloud } from '@meridian/provider-rehearsal/clouds/replaced-properties.ts';
import { replacementOf } from '@meridian/provider-rehearsal/provider/immutable-fields.ts';
import { namedPlaces } from './aspect.ts';
import type { Told } from './aspect.ts';
import type { ObjectChange } from './object-change.ts';

/**
 * Properties of a resource that is to be updated, of which the provider's source leaves open whether another one comes in its place:
 * nobody has looked it up, or a condition asks for more than the program says.
 */
export function mayReplace({ type, operation, before, after }: ObjectChange): readonly string[] {
  if (operation !== 'update' || before === undefined || after === undefined) return [];
  const inputs = { before: { ...before }, after: { ...after } };
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) =>
      !isDeepStrictEqual(before[key], after[key]) &&
      replacementOf(type, [key], inputs) === 'unknown',
  );
}

/** The same of a resource of a cloud of which there is more to tell; of all others nobody asks a condition. */
export function toldToReplace(change: ObjectChange): readonly Told[] {
  const places = isOfCloud(change.type) ? mayReplace(change) : [];
  return places.length === 0
    ? []
    : [
        {
          kind: 'may-replace',
          property: namedPlaces(places),
          consequence: 'only its provider knows whether another one comes in its place',
        },
      ];
}
