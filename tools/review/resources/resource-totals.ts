import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import type { ResourceTotals } from '../stack-review.ts';
import { objectChanges } from './object-change.ts';

/** How many resources a change leaves as they are, and how many it does not; parents of others do not count. */
export function resourceTotals(steps: readonly StepMetadata[]): ResourceTotals {
  const changes = objectChanges(steps);
  const count = (wanted: string): number =>
    changes.filter(({ operation }) => operation === wanted).length;
  return {
    replaced: count('replace'),
    changed: count('update'),
    new: count('create'),
    deleted: count('delete'),
    same: count('same'),
  };
}
