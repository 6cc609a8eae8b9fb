import { ShortageReason } from './contract/gen/meridian/catalog/v1/stock_pb.js';
import type { Line, StoredStock } from './stock-store.ts';

/** A line that cannot be reserved, and why. */
export interface FoundShortage {
  readonly productId: string;
  readonly requested: number;
  readonly available: number;
  readonly reason: ShortageReason;
}

/** The lines that this stock is too little for, in their order. */
export function shortagesOf(
  lines: readonly Line[],
  stock: readonly StoredStock[],
): readonly FoundShortage[] {
  const levels = new Map(stock.map((level) => [level.productId, level]));
  return lines.flatMap(({ productId, quantity: requested }) => {
    const found = shortage(levels.get(productId), requested);
    return found === undefined ? [] : { productId, requested, ...found };
  });
}

function shortage(
  level: StoredStock | undefined,
  requested: number,
): Pick<FoundShortage, 'available' | 'reason'> | undefined {
  if (level === undefined) return { available: 0, reason: ShortageReason.UNKNOWN_PRODUCT };
  if (level.discontinued) return { available: 0, reason: ShortageReason.DISCONTINUED };
  const available = level.onHand - level.reserved;
  return available < requested ? { available, reason: ShortageReason.OUT_OF_STOCK } : undefined;
}
