import { X509Certificate } from 'node:crypto';
import { messageOf } from '@meridian/language/thrown.ts';
import { readGiven } from './proof.ts';
import { unusable } from './reach.ts';

/**
 * The root certificate in a file that somebody names, in PEM.
 *
 * @throws {CodedError} AUDIT_OPTION_UNUSABLE, AUDIT_FILE_UNREADABLE
 */
export function rootGiven(file: string): string {
  const pem = readGiven(file, "that has the platform's root certificate");
  try {
    return new X509Certificate(pem).toString();
  } catch (error) {
    throw unusable(
      '--root',
      "name a file with the platform's root certificate in PEM",
      `'${file}', which has none (${messageOf(error)})`,
      'whoever runs the platform has it (docs/audit.md)',
    );
  }
}
