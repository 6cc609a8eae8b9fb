import { changes } from './changes.ts';
import { faults } from './faults.ts';
import { firstStart } from './first-start.ts';
import { merchants } from './merchants.ts';
import { readers } from './readers.ts';
import { renewals } from './renewals.ts';
import { repairs } from './repairs.ts';
import { stopAndEnd } from './stop-and-end.ts';
import type { Story } from './story.ts';

/**
 * What is told on the one whole platform, in this order. A new story is a file here and a line before
 * the last, which stops the platform and removes it.
 */
export const STORIES: readonly Story[] = [
  firstStart,
  readers,
  merchants,
  faults,
  renewals,
  changes,
  repairs,
  stopAndEnd,
];
