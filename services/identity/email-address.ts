import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';

/** Characters of a part of a key at most; of the two together an index of PostgreSQL takes twice as much. */
const KEY_PART_LENGTH_MAX = 512;

/**
 * What is the same for every spelling of an address that the contract allows: compatibility forms folded
 * (NFKC), lower case, the domain in ASCII. Local parts are compared without case, as every large provider
 * does though RFC 5321 leaves it to them. A domain that IDNA knows no form of, and what folding would make
 * many times as long, stay as they are: nobody writes them in two ways.
 */
export function emailKeyOf(email: string): string {
  const at = email.lastIndexOf('@');
  const [local, domain] = [email.slice(0, at), email.slice(at + 1)];
  const folded = local.normalize('NFKC').toLowerCase();
  return `${orGiven(folded, local)}@${orGiven(domainToASCII(domain), domain)}`;
}

function orGiven(form: string, given: string): string {
  return form === '' || form.length > KEY_PART_LENGTH_MAX ? given.toLowerCase() : form;
}

/** The key under which attempts to sign in are counted; it has one length for any address. */
export function emailDigestOf(emailKey: string): Buffer {
  return createHash('sha256').update(emailKey, 'utf8').digest();
}
