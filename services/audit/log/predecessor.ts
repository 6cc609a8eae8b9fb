import { CodedError } from '@meridian/language/coded-error.ts';
import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Publication, Publications, SignedHead } from '../publication/publication.ts';
import { certifiedKey } from './certified-key.ts';
import { isSignedBy, noteKeyOf, parseCheckpoint, signersOf } from './checkpoint-note.ts';
import type { CheckpointText } from './checkpoint-note.ts';
import { newestRecorded } from './must-go-on.ts';

/** Whoever may write to the bucket can write anything: so many logs, texts and signers are looked at. */
const LOGS_MAX = 1_000;
const TEXTS_MAX = 50;
const SIGNERS_MAX = 16;

/** The head that a successor names, as it was published and as it is read. */
export interface Predecessor extends CheckpointText {
  readonly note: string;
}

/**
 * The first log behind one that nothing is published of.
 *
 * @throws {CodedError} AUDIT_HEAD_ABSENT
 */
export async function firstFreeLog(publications: Publications, log: number): Promise<number> {
  for (let number = log + 1; number <= log + LOGS_MAX; number += 1) {
    if ((await publications(number).newest()) === undefined) return number;
  }
  throw new CodedError(
    'AUDIT_HEAD_ABSENT',
    `Audit log ${log}: must have a log behind it that nothing is published of, got ${LOGS_MAX} with heads; somebody else writes to the bucket: take away there what is not of this platform.`,
  );
}

/** Where the last head of the logs before one is looked for, and who vouches for it. */
export interface HeadSearch {
  readonly session: Session;
  readonly publications: Publications;
  /** Certificates of the platform's roots, as PEM. */
  readonly roots: string;
}

/**
 * The newest head of the last log before one that has a signed head, published or recorded. Texts beside it that
 * nobody signed, or under a size that they do not say, are passed over: whoever wrote them did not end a log.
 */
export async function lastHeadBefore(
  search: HeadSearch,
  before: number,
): Promise<Predecessor | undefined> {
  for (let number = before - 1; number >= 1; number -= 1) {
    const publication = search.publications(number);
    let published = await publication.newest();
    for (let seen = 0; published !== undefined && seen < TEXTS_MAX; seen += 1) {
      const head = await signedHead(search, publication, number, published);
      if (head !== undefined) return head;
      published = await publication.newest(published.size);
    }
    const recorded = await newestRecorded(search.session, number);
    const head = recorded && (await signedHead(search, publication, number, recorded));
    if (head !== undefined) return head;
  }
  return undefined;
}

/** What a text says, if it is the head of a log that a key of this log signed: one in the database, or one that its published certificates vouch for. */
async function signedHead(
  { session, roots }: HeadSearch,
  publication: Publication,
  number: number,
  { size, note }: SignedHead,
): Promise<Predecessor | undefined> {
  const said = readHead(note);
  if (said?.size !== size || !said.origin.endsWith(`/${number}`)) return undefined;
  const { origin } = said;
  const signers = signersOf(note).slice(0, SIGNERS_MAX);
  const known = await session.query<{ readonly vkey: string }>({
    name: 'audit_keys_by_id_of_log',
    text: 'SELECT vkey FROM log_keys WHERE key_id = ANY($1::text[]) AND log = $2',
    values: [signers, number],
  });
  if (known.some(({ vkey }) => vkey.startsWith(`${origin}+`) && isSignedBy(note, vkey))) {
    return { ...said, note };
  }
  for (const keyId of signers) {
    const chain = (await publication.certificates(keyId)) ?? '';
    const key = certifiedKey(chain, origin, roots);
    if (key !== undefined && isSignedBy(note, noteKeyOf(origin, key).vkey)) {
      return { ...said, note };
    }
  }
  return undefined;
}

function readHead(note: string): CheckpointText | undefined {
  try {
    return parseCheckpoint(note);
  } catch {
    // Some other text, which ends no log.
    return undefined;
  }
}
