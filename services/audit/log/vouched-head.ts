import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Publication, Publications, SignedHead } from '../publication/publication.ts';
import { certifiedKey } from './certified-key.ts';
import { headIn, isSignedBy, noteKeyOf, signersOf } from './checkpoint-note.ts';
import type { CheckpointText } from './checkpoint-note.ts';

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

/** A head as it was published, and as it is read. */
export interface VouchedHead extends CheckpointText {
  readonly note: string;
}

/** What a text says, if it is the head of the log of that number that a key of this log signed. */
export async function vouchedHead(
  session: Session,
  vouchers: Vouchers,
  number: number,
  { size, note }: SignedHead,
): Promise<VouchedHead | undefined> {
  const said = headIn(note);
  if (said?.size !== size || !said.origin.endsWith(`/${number}`)) return undefined;
  return (await isVouchedFor(session, vouchers, { ...said, note })) ? { ...said, note } : undefined;
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
