import { compareText } from '@meridian/components/model/order.ts';
import type { WantedPin } from './look-up.ts';

/** The order of the file of pins, which two runs write alike: images of two registries may have one name. */
export function comparePins(left: WantedPin, right: WantedPin): number {
  return (
    compareText(left.kind, right.kind) ||
    compareText(left.name, right.name) ||
    compareText(left.reference, right.reference)
  );
}
