import { readFileSync } from 'node:fs';
import { CodedError } from '@meridian/language/coded-error.ts';

/** Whose account it is to be. */
export interface MerchantArguments {
  readonly email: string;
  readonly password: string;
}

/**
 * Reads the arguments: the e-mail address and the path of a file that holds the password, which thus
 * stands in no list of processes. Throws a CodedError that names the file, never its content.
 */
export function merchantArguments(given: readonly string[]): MerchantArguments {
  const [email, file] = given;
  if (given.length !== 2 || email === undefined || file === undefined) {
    throw new CodedError(
      'KIT_CONFIGURATION',
      `Merchant account: takes 2 arguments, the e-mail address and the path of a file with the password, got ${given.length}; 'npm run merchant' gives both`,
    );
  }
  try {
    return { email, password: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
  } catch (cause) {
    throw new CodedError(
      'KIT_CONFIGURATION',
      `Merchant account: the second argument must be the path of a file with the password, got '${file}', which cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}); 'npm run merchant' makes it`,
      { cause },
    );
  }
}
