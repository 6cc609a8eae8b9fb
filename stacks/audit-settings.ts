import { KEEP_DAYS_RANGE } from '@meridian/components/model/validate/store-problems.ts';
import { wholeNumber } from './setting-schemas.ts';

/** Days until what entries of the audit trail carry may move to an archive; without it they keep it for ever. */
export function auditKeepDays() {
  return wholeNumber(KEEP_DAYS_RANGE).optional();
}
