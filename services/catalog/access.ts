import { everybody, NO, SIGN_IN, YES } from '@meridian/language/access.ts';
import type { AccessTable } from '@meridian/language/access.ts';
import type { CatalogService } from './contract/gen/meridian/catalog/v1/catalog_pb.js';

/** A product is the shop's, and whoever may call does so with any. */
const any = { another: YES, absent: 'NOT_FOUND' } as const;

/** The catalogue is for everybody to read, and with its stock the merchants' to change. */
const merchants = { anonymous: SIGN_IN, customer: NO, merchant: any, support: NO, auditor: NO };

/** Who may call catalog. */
export const catalogAccess = {
  listProducts: everybody(YES),
  getProduct: everybody(any),
  createProduct: { ...merchants, merchant: YES },
  updateProduct: merchants,
  discontinueProduct: merchants,
  getStock: merchants,
  adjustStock: merchants,
} as const satisfies AccessTable<keyof typeof CatalogService.method>;
