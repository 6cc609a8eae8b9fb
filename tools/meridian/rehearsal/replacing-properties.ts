import type { StepMetadata } from './engine-events.ts';

/**
 * For which of its properties another resource comes in place of one, sorted. The engine names those that the provider asks for
 * as keys, and those of the program's own `replaceOnChanges` only by the kind of their difference.
 */
export function replacingProperties({ op, keys, detailedDiff }: StepMetadata): readonly string[] {
  if (op !== 'replace') return [];
  const byKind = Object.entries(detailedDiff ?? {})
    .filter(([, { diffKind }]) => diffKind.endsWith('-replace'))
    .map(([property]) => property);
  return [...new Set([...(keys ?? []), ...byKind])].toSorted();
}
