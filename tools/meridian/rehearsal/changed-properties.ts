import {
  hasSecret,
  isRecord,
  isSecret,
  MASK,
} from '@meridian/provider-rehearsal/provider/property-values.ts';
import type { StepMetadata } from './engine-events.ts';
import { rememberedOf } from './remembered.ts';
import { valueAt } from './value-at.ts';

/** One property; `before` or `after` is absent where it is not there. Secrets are '[secret]'. */
export interface PropertyLine {
  readonly property: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What the provider says is different, by the values on both sides. */
export function changedProperties({
  old,
  new: after,
  detailedDiff,
}: StepMetadata): readonly PropertyLine[] {
  return Object.entries(detailedDiff ?? {})
    .filter(([, { inputDiff }]) => inputDiff)
    .map(([property]) => property)
    .toSorted()
    .map((property) => ({
      property,
      ...side('before', valueAt(old?.inputs, property)),
      ...side('after', valueAt(after?.inputs, property)),
    }));
}

function side(name: 'before' | 'after', value: unknown): Partial<PropertyLine> {
  return value === undefined ? {} : { [name]: visible(value) };
}

/** A value as people may see it: a mask stands for a secret. One without a secret is itself, as most are. */
export function visible(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? visibleObject(value) : value;
}

/** Each side of a preview is looked at by many. */
const visibleObject = rememberedOf((value: object): unknown =>
  hasSecret(value) ? withMasks(value) : value,
);

function withMasks(value: unknown): unknown {
  if (isSecret(value)) return MASK;
  if (Array.isArray(value)) return value.map(withMasks);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withMasks(member)]));
}
