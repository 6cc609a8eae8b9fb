import { CodedError } from '@meridian/language/coded-error.ts';
import { messageOf } from '@meridian/language/thrown.ts';
import { printable } from '../../meridian/output/printable.ts';

/** What answers, and not as the API of a platform does. */
export function untold(place: string, got: unknown): CodedError {
  return new CodedError(
    'AUDIT_API_UNREACHABLE',
    `${place}: must answer as the API of a platform does, got ${printable(messageOf(got))}; see whether --url is a platform's address, and whether that platform is of this version`,
    { cause: got },
  );
}
