import { isRecord, isSecret, MASK } from '@meridian/provider-rehearsal/provider/property-values.ts';
import { UNKNOWN_VALUE } from '@meridian/provider-rehearsal/provider/protocol-marks.ts';

/** Stands for what only an update will know. */
export const UNKNOWN = { unknown: true } as const;
/** Stands for a secret: that there is one, and nothing by which anybody could guess it. */
export const SECRET = { secret: true } as const;

/** Inputs of a resource with each secret by reference, and each unknown by its place. */
export function plannedInputs(value: unknown): unknown {
  if (isSecret(value) || value === MASK) return SECRET;
  if (value === UNKNOWN_VALUE) return UNKNOWN;
  if (Array.isArray(value)) return value.map(plannedInputs);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, plannedInputs(member)]),
  );
}
