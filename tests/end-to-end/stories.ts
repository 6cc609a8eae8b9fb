import { access } from './stories/access.ts';
import { audit } from './stories/audit.ts';
import { changes } from './stories/changes.ts';
import { deadLetters } from './stories/dead-letters.ts';
import { development } from './stories/development.ts';
import { end } from './stories/end.ts';
import { erasure } from './stories/erasure.ts';
import { documented } from './stories/documented.ts';
import { faults } from './stories/faults.ts';
import { firstStart } from './stories/first-start.ts';
import { fuzzed } from './stories/fuzzed.ts';
import { merchants } from './stories/merchants.ts';
import { readers } from './stories/readers.ts';
import { renewals } from './stories/renewals.ts';
import { repairs } from './stories/repairs.ts';
import { shoppers } from './stories/shoppers.ts';
import { shoppingFaults } from './stories/shopping-faults.ts';
import { standIn } from './stories/stand-in.ts';
import { stop } from './stories/stop.ts';
import type { Story } from './story.ts';

/**
 * What is told on one whole platform, in this order: for every change what is `always` told, and in a campaign
 * (`npm run test:long -- platform-stories`) the others. A new story is a file in `stories/` and a line before the last, which
 * stops the platform and removes it.
 */
export const STORIES: readonly Story[] = [
  firstStart,
  readers,
  merchants,
  shoppers,
  access,
  documented,
  standIn,
  deadLetters,
  erasure,
  audit,
  faults,
  shoppingFaults,
  renewals,
  changes,
  development,
  repairs,
  fuzzed,
  stop,
  end,
];
