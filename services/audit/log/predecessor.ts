import { CodedError } from '@meridian/language/coded-error.ts';
import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Publications } from '../publication/publication.ts';
import { newestRecorded } from './must-go-on.ts';
import { vouchedHead, vouchersIn } from './vouched-head.ts';
import type { VouchedHead } from './vouched-head.ts';

/** Whoever may write to the bucket can write anything: so many logs and texts are looked at. */
const LOGS_MAX = 1_000;
const TEXTS_MAX = 50;

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
 *
 * @throws {CodedError} AUDIT_HEAD_ABSENT where there are too many of them to tell
 */
export async function lastHeadBefore(
  search: HeadSearch,
  before: number,
): Promise<VouchedHead | undefined> {
  for (let number = before - 1; number >= 1; number -= 1) {
    const head = await newestSigned(search, number);
    if (head !== undefined) return head;
  }
  return undefined;
}

/**
 * The newest head of a log that its keys signed, published or else recorded, or the newest one below a size.
 *
 * @throws {CodedError} AUDIT_HEAD_ABSENT
 */
export async function newestSigned(
  search: HeadSearch,
  number: number,
  below?: bigint,
): Promise<VouchedHead | undefined> {
  const publication = search.publications(number);
  const vouchers = vouchersIn(search.publications, search.roots)(number);
  let published = await publication.newest(below);
  for (let seen = 0; published !== undefined; seen += 1) {
    // A head below them may be the last one: an older one would be named in its place.
    if (seen === TEXTS_MAX) throw tooManyTexts(number);
    const head = await vouchedHead(search.session, vouchers, number, published);
    if (head !== undefined) return head;
    published = await publication.newest(published.size);
  }
  const recorded = await newestRecorded(search.session, number, below);
  return recorded && (await vouchedHead(search.session, vouchers, number, recorded));
}

function tooManyTexts(log: number): CodedError {
  return new CodedError(
    'AUDIT_HEAD_ABSENT',
    `Audit log ${log}: must have a head that a key of this platform signed among the ${TEXTS_MAX} largest that are published of it, got other texts alone; take away from the bucket what somebody else wrote there (D in docs/runbooks/audit-log-stopped.md).`,
  );
}
