import { everybody, YES } from '@meridian/language/access.ts';
import type { AccessTable } from '@meridian/language/access.ts';
import type { SearchService } from './contract/gen/meridian/search/v1/search_pb.js';

/** Who may call search. */
export const searchAccess = {
  searchProducts: everybody(YES),
  suggestProducts: everybody(YES),
} as const satisfies AccessTable<keyof typeof SearchService.method>;
