import type { Trusted, TrustedFormer } from '@meridian/audit/verification/trusted.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { counted, countText } from '../meridian/output/count-text.ts';
import { outputs } from '../meridian/output/schemas.ts';
import type { Output } from '../meridian/output/schemas.ts';
import { pathGiven } from '../meridian/path-given.ts';
import { readGiven } from './proof.ts';
import { readPublished } from './published.ts';
import type { Heads, Published } from './published.ts';
import type { Reach } from './reach.ts';
import { openTrail } from './trail.ts';
import { keysOfLog, logOfKept, witnessesOf } from './trust.ts';
import type { WitnessOptions } from './trust.ts';
import { inNewFolder } from './written-folder.ts';

/** What `meridian audit verify` found. */
export type Verified = Extract<Output<'audit'>, { action: 'verify' }>;

/** What `meridian audit export` wrote. */
export type Exported = Extract<Output<'audit'>, { action: 'export' }>;

/** What somebody trusts, and where the trail and what was published of it are. */
export interface Trust extends Reach, WitnessOptions {
  /** A file with a head that they kept. */
  readonly from?: string;
  /** A folder of an archive that has what entries carried before it moved. */
  readonly archive?: string;
}

/**
 * Holds the whole audit log against all heads that were published, and one that somebody kept.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, AUDIT_EMPTY, AUDIT_UNREADABLE, AUDIT_FILE_UNREADABLE; those of openTrail()
 * @throws {VerificationError} if what was kept is not a head of this log
 */
export async function verified(given: Trust): Promise<Verified> {
  await using trail = await openTrail(given);
  const found = await trail.verification(await trusted('all', given));
  return outputs.audit.parse({ action: 'verify', ...found }) as Verified;
}

/**
 * Writes the log as files, up to the newest published head.
 *
 * @throws {CodedError} those of verified(), AUDIT_FOLDER_IN_USE
 */
export async function exported(folder: string, given: Trust): Promise<Exported> {
  await using trail = await openTrail(given);
  const upTo = await trusted('newest', given);
  const exportTo = pathGiven(folder);
  const found = await inNewFolder(exportTo, () => trail.verification({ ...upTo, exportTo }));
  return outputs.audit.parse({ action: 'export', folder: exportTo, ...found }) as Exported;
}

/** With all that was published. */
type OfPublished = Trusted & Required<Pick<Trusted, 'published'>>;

/** What a task goes by that verifies. */
export async function trusted(
  heads: Heads,
  { from, archive, ...given }: Trust,
): Promise<OfPublished> {
  const seenBy = witnessesOf(given);
  const published = await readPublished(heads, given);
  const kept = from === undefined ? [] : [readGiven(from)];
  // What somebody gives is refused at once, what was published wrongly is found.
  const keptOf = Map.groupBy(kept, (note) => logOfKept(note, published.vkeys, published));
  if (published.newest !== undefined) {
    const vkeys = keysOfLog(published.vkeys, published);
    const former = formerLogs(published, keptOf);
    return {
      ...{ vkeys, heads: keptOf.get(published.log) ?? [], published: published.heads, ...seenBy },
      ...(former.length === 0 ? {} : { former }),
      ...(archive === undefined ? {} : { archive: pathGiven(archive) }),
    };
  }
  throw new CodedError(
    'AUDIT_EMPTY',
    "Audit log: must have a published head, got none; the first comes with the first entry, such as by 'npm run seed'",
  );
}

/** What is trusted of the logs before the last one: what was published of them, and what somebody kept. */
function formerLogs(
  { former, vkeys, log: last }: Published,
  keptOf: ReadonlyMap<number, readonly string[]>,
): readonly TrustedFormer[] {
  const folders = new Map(former.map(({ log, folder }) => [log, folder]));
  const logs = new Set([...folders.keys(), ...keptOf.keys()]);
  return [...logs]
    .filter((log) => log < last)
    .toSorted((one, other) => one - other)
    .map((log) => {
      const folder = folders.get(log);
      return {
        ...{ log, vkeys: keysOfLog(vkeys, { log }), heads: keptOf.get(log) ?? [] },
        ...(folder === undefined ? {} : { published: { folder, largest: LARGEST } }),
      };
    });
}

/** No head of a log that ended is newer than what is read. */
const LARGEST = 999_999_999_999_999;

/** Findings that somebody is shown; `--json` names more. */
const SHOWN_MAX = 20;

export function verifiedText(found: Verified): string {
  const { origin, treeSize, entries, aggregates, heads, cosigned, seconds } = found;
  const lines = (of: Verified['findings'], count: number): readonly string[] => [
    ...of.slice(0, SHOWN_MAX).map(({ description }) => `  ${description}`),
    ...(count > SHOWN_MAX ? [`  and ${countText(count - SHOWN_MAX)} more`] : []),
  ];
  return [
    heads === 0
      ? 'The log was held against no published head.'
      : `Log ${origin}: ${countText(entries)} of ${counted(treeSize, 'entry', 'entries')} about ${counted(aggregates, 'aggregate')} held against ${counted(heads, 'published head')} in ${seconds.toFixed(1)} s`,
    ...(isFirst(origin) ? [] : formerText(found.former)),
    ...(cosigned === null
      ? []
      : [
          `The head of ${counted(cosigned.treeSize, 'entry', 'entries')} was seen by ${cosigned.witnesses.join(', ')}.`,
        ]),
    ...(found.archived === 0
      ? []
      : [
          `Of ${counted(found.archived, 'entry', 'entries')} only the hash was checked: what they carry has moved to an archive, which --archive <folder> holds against it.`,
        ]),
    ...(found.findingCount === 0
      ? ['Everything is as it was published.']
      : [`NOT as it was published, ${counted(found.findingCount, 'finding')}:`]),
    ...lines(found.findings, found.findingCount),
    ...(found.incompleteCount === 0
      ? ['Every aggregate has each of its versions once.']
      : [`Not whole, ${counted(found.incompleteCount, 'finding')}:`]),
    ...lines(found.incomplete, found.incompleteCount),
    ...(found.lackingCount === 0
      ? []
      : [
          `The archive is damaged, or an earlier one than the newest: of ${counted(found.lackingCount, 'entry', 'entries')} it has not what moved.`,
        ]),
    ...lines(found.lacking, found.lackingCount),
    '',
  ].join('\n');
}

/** Whether a log is the first of its name; so is none at all. */
function isFirst(origin: string): boolean {
  return !/\/(?!1$)\d+$/.test(origin);
}

function formerText(former: Verified['former']): readonly string[] {
  return [
    'It is the successor of a log that had to end: its first entry holds the last head before it.',
    ...(former.length === 0
      ? ['Heads of the logs before it were not there to be held against it.']
      : former.map(({ log, entries, heads, lost, largest }) => {
          const held = `Of log ${log} it took over ${counted(entries, 'entry', 'entries')}, held against ${counted(heads, 'head')} of that log`;
          return lost === 0
            ? `${held}.`
            : `${held}; ${counted(lost, 'head')} up to that of ${counted(largest, 'entry', 'entries')} sum up more, which was lost before it began.`;
        })),
  ];
}
