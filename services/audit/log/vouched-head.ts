import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Publication, Publications, SignedHead } from '../publication/publication.ts';
import { certifiedKey } from './certified-key.ts';
import { isSignedBy, noteKeyOf, signersOf } from './checkpoint-note.ts';

/** Whoever may write to the bucket can write anything: so many signers are looked at. */
const SIGNERS_MAX = 16;

/** Who vouches for keys that the database does not know. */
export interface Vouchers extends Pick<Publication, 'certificates'> {
  /** Certificates of the platform's roots, as PEM. */
  readonly roots: string;
}

/** The same of each log by its number. */
export type VouchersOfLog = (log: number) => Vouchers;

/** Those of the places where heads are published. */
export function vouchersIn(publications: Publications, roots: string): VouchersOfLog {
  return (log) => ({ certificates: (keyId) => publications(log).certificates(keyId), roots });
}

/** Those of the signers of a text, read at once. */
export async function vouchersFor(
  vouchers: Vouchers,
  text: SignedHead | undefined,
): Promise<Vouchers> {
  const signers = signersIn(text?.note ?? '');
  const read = new Map<string, string | undefined>();
  for (const keyId of signers) read.set(keyId, await vouchers.certificates(keyId));
  return { ...vouchers, certificates: (keyId) => Promise.resolve(read.get(keyId)) };
}

function signersIn(note: string): readonly string[] {
  return signersOf(note).slice(0, SIGNERS_MAX);
}

/**
 * Whether a key of a log signed a head of it: one in the database, or one that its published certificates vouch for, as
 * a restored database may not know the last ones.
 */
export async function isVouchedFor(
  session: Session,
  vouchers: Vouchers,
  { origin, note }: { readonly origin: string; readonly note: string },
): Promise<boolean> {
  const signers = signersIn(note);
  const known = await session.query<{ readonly vkey: string }>({
    name: 'audit_keys_by_id',
    text: 'SELECT vkey FROM log_keys WHERE key_id = ANY($1::text[])',
    values: [signers],
  });
  if (known.some(({ vkey }) => vkey.startsWith(`${origin}+`) && isSignedBy(note, vkey)))
    return true;
  for (const keyId of signers) {
    const chain = (await vouchers.certificates(keyId)) ?? '';
    const key = certifiedKey(chain, origin, vouchers.roots);
    if (key !== undefined && isSignedBy(note, noteKeyOf(origin, key).vkey)) return true;
  }
  return false;
}
