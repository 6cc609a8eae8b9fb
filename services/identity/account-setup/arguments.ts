import { readFileSync } from 'node:fs';
import { CodedError } from '@meridian/language/coded-error.ts';
import { STAFF_ROLES } from '../roles.ts';
import type { StaffRole } from '../roles.ts';

/** Whose account it is to be, and what for. */
export interface AccountArguments {
  readonly role: StaffRole;
  readonly email: string;
  readonly password: string;
}

/**
 * Reads the arguments: the role, the e-mail address and the path of a file that holds the password, which
 * thus stands in no list of processes. Throws a CodedError that names the file, never its content.
 */
export function accountArguments(given: readonly string[]): AccountArguments {
  const [name, email, file] = given;
  if (given.length !== 3 || name === undefined || email === undefined || file === undefined) {
    throw new CodedError(
      'KIT_CONFIGURATION',
      `Account setup: takes 3 arguments, the role, the e-mail address and the path of a file with the password, got ${given.length}; 'npm run account' gives them`,
    );
  }
  const role = STAFF_ROLES.find((known) => known === name);
  if (role === undefined) {
    throw new CodedError(
      'KIT_CONFIGURATION',
      `Account setup: the role must be one of ${STAFF_ROLES.join(', ')}, got '${name}'; give 'npm run account' one of them`,
    );
  }
  try {
    return { role, email, password: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
  } catch (cause) {
    throw new CodedError(
      'KIT_CONFIGURATION',
      `Account setup: the third argument must be the path of a file with the password, got '${file}', which cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}); 'npm run account' makes it`,
      { cause },
    );
  }
}
