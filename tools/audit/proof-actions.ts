import { CodedError } from '@meridian/language/coded-error.ts';
import { parseVerifierKey } from '@meridian/verifier/signed-note.ts';
import { formatProofFile } from '@meridian/verifier/proof-file.ts';
import { VerificationError } from '@meridian/verifier/verification-error.ts';
import { printJson } from '../meridian/output/print-json.ts';
import { entryOfEvent } from './ask.ts';
import type { Asked } from './ask.ts';
import type { Entry } from './entry.ts';
import { newestHead } from './newest-head.ts';
import { checkProof, checkProofAt, proofsOf } from './proof.ts';
import type { Proven } from './proof.ts';
import { readPublished } from './published.ts';
import type { Reach } from './reach.ts';
import { openTrail } from './trail.ts';
import { policyOf, trustedKeys, witnessesOf } from './trust.ts';
import type { WitnessOptions } from './trust.ts';

interface Options extends Reach {
  readonly json?: boolean;
  /** A folder of an archive that has what entries carried before it moved. */
  readonly archive?: string;
}

/** The newest published head, to be kept elsewhere; 1 if there is none yet. */
export async function head(options: Options & WitnessOptions): Promise<number> {
  const seenBy = witnessesOf(options);
  const newest = newestHead(await readPublished('newest', options), seenBy);
  const note = newest?.note ?? null;
  if (options.json === true)
    printJson<'audit'>({ action: 'head', note, treeSize: newest?.head.size ?? 0 });
  else process.stdout.write(note ?? 'No head is published yet.\n');
  return note === null ? 1 : 0;
}

/** The keys that heads were signed with, a line each, to be kept with a head. */
export async function keys(options: Options): Promise<number> {
  const { vkeys } = await readPublished('none', options);
  if (options.json === true) printJson<'audit'>({ action: 'keys', keys: [...vkeys] });
  else process.stdout.write(vkeys.map((key) => `${key}\n`).join(''));
  return vkeys.length === 0 ? 1 : 0;
}

/** A proof of the entry against the newest head, checked before it is given away. */
export async function prove(eventId: string, options: Options): Promise<number> {
  await using trail = await openTrail(options);
  const entry = await entryOfEvent(trail, eventId);
  const { index } = entry;
  const published = await readPublished('none', options);
  const [found] = await proofsOf(trail, [index]);
  const file = found && { ...found, ...(await leafOf(trail, entry, options.archive)) };
  if (file === undefined) {
    throw new CodedError(
      'AUDIT_ENTRY_UNKNOWN',
      `Event '${eventId}': must be in the tree of a published head, got entry ${index}, which is newer than all of them; try again in a moment, and if that does not help see 'npm run logs -- audit'`,
    );
  }
  const { size: treeSize } = checkProof(file, published.keys);
  const proof = formatProofFile(file);
  if (options.json === true) printJson<'audit'>({ action: 'prove', index, treeSize, proof });
  else process.stdout.write(proof);
  return 0;
}

/** The leaf of an entry whose data has moved. */
async function leafOf(
  trail: Asked,
  entry: Entry,
  archive: string | undefined,
): Promise<{ readonly extra?: Uint8Array }> {
  if (!entry.archived) return {};
  const { wholeEntry } = await import('./archived-entry.ts');
  const { leaf } = await wholeEntry(trail, entry, archive);
  return leaf === undefined ? {} : { extra: leaf };
}

/** 1 if the file proves nothing. */
export async function check(file: string, options: Options & WitnessOptions): Promise<number> {
  const { json, trust } = options;
  const seenBy = witnessesOf(options);
  const trusted =
    trust === undefined
      ? (await readPublished('none', options)).keys
      : trustedKeys(trust).map(parseVerifierKey);
  try {
    const proven = checkProofAt(file, policyOf(trusted, seenBy));
    if (json === true) printJson<'audit'>(outputOf(proven));
    else process.stdout.write(`${toldOf(proven)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    const problem = error.message;
    if (json === true) printJson<'audit'>({ action: 'check', proven: false, problem, about: null });
    else process.stdout.write(`NOT proven: ${problem}\n`);
    return 1;
  }
}

function outputOf({ leaf, index, head: { origin, size: treeSize } }: Proven) {
  const { kind, source, id, type, subject, version } = leaf;
  const about = { kind, source, eventId: id, type, subject, version: version?.toString() ?? null };
  return {
    action: 'check',
    proven: true,
    problem: null,
    about: { index, treeSize, origin, ...about },
  } as const;
}

function toldOf({ leaf, index, head: { origin, size, signatures } }: Proven): string {
  const { source, id, type, subject, version } = leaf;
  const what = [type, version, 'of', subject].filter((part) => part !== undefined).join(' ');
  return `Proven: ${what}, event ${id} of ${source}, is entry ${index} of the ${size} that a head of ${origin} sums up${seenText(signatures)}.`;
}

function seenText(signatures: Proven['head']['signatures']): string {
  const witnesses = signatures.filter(({ time }) => time !== undefined);
  if (witnesses.length === 0) return '';
  return `, which was seen by ${witnesses.map(({ key }) => key.name).join(', ')}`;
}
