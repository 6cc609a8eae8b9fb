import { BENIGN } from './changes/benign.ts';
import { DANGEROUS } from './changes/dangerous.ts';
import { REFACTORS } from './changes/refactors.ts';
import type { CorpusChange } from './corpus-change.ts';

/** Changes that a review is held against: of each group twenty at least. */
export const CORPUS: readonly CorpusChange[] = [...REFACTORS, ...BENIGN, ...DANGEROUS];
