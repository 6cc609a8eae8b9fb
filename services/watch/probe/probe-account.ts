import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** With what a probe signs in. */
export interface ProbeAccount {
  readonly email: string;
  readonly password: string;
}

/** Reserved so that nobody ever gets mail there (RFC 2606). */
const DOMAIN = 'meridian.invalid';

/** Enough of a digest to tell passwords apart, and too little to be of use against 256 random bits. */
const DIGEST_CHARACTERS = 12;

/**
 * The account of a zone's probe. Its address follows from its password: whoever has lost the password has another account
 * with the next one, and is never locked out of the old.
 *
 * @param passwordFile one password a line, the current one first
 */
export function probeAccount(zone: string, passwordFile: string): ProbeAccount {
  const [password = ''] = readFileSync(passwordFile, 'utf8').split('\n');
  if (password === '') throw new Error(`there is no password in ${passwordFile}`);
  const digest = createHash('sha256').update(password).digest('hex').slice(0, DIGEST_CHARACTERS);
  return { email: `probe-${zone}-${digest}@${DOMAIN}`, password };
}
