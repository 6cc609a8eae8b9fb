import type { Reservation } from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import { ReservationStatus } from '@meridian/catalog/contract/gen/meridian/catalog/v1/stock_pb.js';
import type { Books } from './books.ts';
import type { Discrepancy } from './discrepancy.ts';

/** Units by product. */
type Units = ReadonlyMap<string, bigint>;

/** Products whose units do not add up: what arrived is on hand or sold, and what is held is reserved. */
export function stockDiscrepancies({ stock, reservations }: Books): readonly Discrepancy[] {
  const held = unitsOf(reservations, ReservationStatus.ACTIVE);
  const taken = unitsOf(reservations, ReservationStatus.COMMITTED);
  return stock.flatMap(({ productId, onHand, reserved, received, sold, version }) => {
    const broken = (rule: string, found: string): Discrepancy => ({
      about: `product ${productId}`,
      rule,
      found,
      versions: String(version),
    });
    const reservedUnits = held.get(productId) ?? 0n;
    const soldUnits = taken.get(productId) ?? 0n;
    return [
      ...(BigInt(onHand) + sold === received
        ? []
        : [broken('on hand + sold = received', `${onHand} + ${sold} ≠ ${received}`)]),
      ...(reserved >= 0 && reserved <= onHand
        ? []
        : [broken('0 ≤ reserved ≤ on hand', `reserved ${reserved}, on hand ${onHand}`)]),
      ...(BigInt(reserved) === reservedUnits
        ? []
        : [broken('reserved = lines of active reservations', `${reserved} ≠ ${reservedUnits}`)]),
      ...(sold === soldUnits
        ? []
        : [broken('sold = lines of committed reservations', `${sold} ≠ ${soldUnits}`)]),
    ];
  });
}

function unitsOf(reservations: readonly Reservation[], status: ReservationStatus): Units {
  const units = new Map<string, bigint>();
  for (const reservation of reservations) {
    if (reservation.status !== status) continue;
    for (const { productId, quantity } of reservation.lines) {
      units.set(productId, (units.get(productId) ?? 0n) + BigInt(quantity));
    }
  }
  return units;
}
