import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';

/** Characters of an address at most. Source: RFC 5321 section 4.5.3.1.3, erratum 1690. */
export const EMAIL_LENGTH_MAX = 254;

/** A local part without quoting, in any script (RFC 6531). Source: RFC 5321 section 4.5.3.1.1. */
const LOCAL_PART = /^[^\s@"(),:;<>[\\\]\p{C}]{1,64}$/u;

/** Two labels at least; addresses at a bare host or an IP address are no one's of ours. */
const DOMAIN = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;

/**
 * What is the same for every spelling of an address: compatibility forms folded (NFKC), lower case,
 * the domain in ASCII. Local parts are compared without case, as every large provider does though
 * RFC 5321 leaves it to them. Undefined for what is not an address.
 */
export function emailKeyOf(email: string): string | undefined {
  const folded = email.normalize('NFKC').toLowerCase();
  const at = folded.lastIndexOf('@');
  const local = folded.slice(0, at);
  const domain = domainToASCII(folded.slice(at + 1));
  if (at < 1 || email.length > EMAIL_LENGTH_MAX) return undefined;
  if (!LOCAL_PART.test(local) || !DOMAIN.test(domain)) return undefined;
  return `${local}@${domain}`;
}

/** The key under which attempts to sign in are counted; it has one length for any address. */
export function emailDigestOf(emailKey: string): Buffer {
  return createHash('sha256').update(emailKey, 'utf8').digest();
}
