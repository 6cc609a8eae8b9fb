import { CodedError } from '@meridian/language/coded-error.ts';

/** Whether an error says that a store does not answer, or not yet: one that starts answers 503 to all. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof CodedError)) return false;
  if (error.code === 'TELEMETRY_UNREACHABLE') return true;
  return error.code === 'TELEMETRY_REFUSED' && /status 5\d\d/.test(error.message);
}
