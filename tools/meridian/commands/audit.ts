import { CodedError } from '@meridian/language/coded-error.ts';
import { parseVerifierKey } from '@meridian/verifier/signed-note.ts';
import type { VerifierKey } from '@meridian/verifier/signed-note.ts';
import { VerificationError } from '@meridian/verifier/verification-error.ts';
import { entryOfEvent, stateAt } from '../../audit/ask.ts';
import type { Entry } from '../../audit/entry.ts';
import { stateOf } from '../../audit/entry.ts';
import { history, historyTable } from '../../audit/log.ts';
import { checkProof, checkProofAt, proofsOf, proofText } from '../../audit/proof.ts';
import { newestHead, readPublished } from '../../audit/published.ts';
import { printJson } from '../output/print-json.ts';

/** Options of `meridian audit`. */
export interface AuditOptions {
  readonly json?: boolean;
  /** A time, for `state`. @default now */
  readonly at?: string;
  /** A key of the log to trust, as `audit head` prints them. @default those published on this machine */
  readonly key?: string;
}

/** What an action is given: its argument, and the options. */
type Action = (about: string, options: AuditOptions) => Promise<number>;

/** Each with what its argument is. */
const ACTIONS: Readonly<Record<string, { readonly takes: string; readonly run: Action }>> = {
  log: { takes: '<id of an order, a request or an entity>', run: log },
  show: { takes: '<id of an event>', run: show },
  state: { takes: '<id of an entity>', run: state },
  head: { takes: '', run: head },
  prove: { takes: '<id of an event>', run: prove },
  check: { takes: '<proof file>', run: check },
};

/**
 * Tells what the audit trail has, as the declared client `audit-reading`.
 *
 * @throws {CodedError} AUDIT_ACTION_UNKNOWN, AUDIT_ENTITY_UNKNOWN, AUDIT_ENTITY_AMBIGUOUS, AUDIT_ENTRY_UNKNOWN
 * @throws {CodedError} AUDIT_TIME_INVALID, AUDIT_UNREADABLE, PLATFORM_NOT_RUNNING
 */
export async function audit(
  action: string,
  about: string | undefined,
  options: AuditOptions,
): Promise<number> {
  const chosen = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (chosen !== undefined && (chosen.takes === '') === (about === undefined)) {
    return await chosen.run(about ?? '', options);
  }
  const forms = Object.entries(ACTIONS).map(([name, { takes }]) => `${name} ${takes}`.trim());
  throw new CodedError(
    'AUDIT_ACTION_UNKNOWN',
    `Command 'audit': must be ${forms.join(', ')}, got '${[action, about].join(' ').trim()}'; give one of them`,
  );
}

async function log(id: string, options: AuditOptions): Promise<number> {
  const entries = await history(id);
  if (options.json === true) printJson<'audit'>({ action: 'log', entries });
  else process.stdout.write(`${historyTable(entries)}\n`);
  return 0;
}

async function show(eventId: string, options: AuditOptions): Promise<number> {
  const entry = await entryOfEvent(eventId);
  if (options.json === true) printJson<'audit'>({ action: 'show', entry });
  else process.stdout.write(`${told(entry)}\n`);
  return 0;
}

/** 1 if there was nothing yet. */
async function state(entity: string, options: AuditOptions): Promise<number> {
  const time = timeOf(options);
  const entry = (await stateAt(entity, time)) ?? null;
  if (options.json === true) printJson<'audit'>({ action: 'state', entry });
  else if (entry !== null) process.stdout.write(`${told(entry)}\n`);
  else process.stdout.write(`There was no ${entity} at ${time.toISOString()} yet.\n`);
  return entry === null ? 1 : 0;
}

/** The newest published head, to be kept elsewhere; 1 if there is none yet. */
async function head(_: string, options: AuditOptions): Promise<number> {
  const published = await readPublished();
  const newest = newestHead(published);
  const note = published.heads.at(-1)?.note ?? null;
  if (options.json === true) {
    printJson<'audit'>({ action: 'head', note, treeSize: newest?.size ?? 0 });
  } else process.stdout.write(note ?? 'No head is published yet.\n');
  return note === null ? 1 : 0;
}

/** A proof of the entry against the newest head, checked before it is given away. */
async function prove(eventId: string, options: AuditOptions): Promise<number> {
  const { index } = await entryOfEvent(eventId);
  const { keys } = await readPublished();
  const [file] = (await proofsOf([index]))?.files ?? [];
  if (file === undefined) throw new Error('An entry is sealed, and there is no head');
  const { size: treeSize } = checkProof(file, keys);
  const proof = proofText(file);
  if (options.json === true) printJson<'audit'>({ action: 'prove', index, treeSize, proof });
  else process.stdout.write(proof);
  return 0;
}

/** 1 if the file proves nothing. */
async function check(file: string, options: AuditOptions): Promise<number> {
  const keys = await trustedKeys(options);
  try {
    const { leaf, index, head: of } = checkProofAt(file, keys);
    const { kind, source, id, type, subject, version } = leaf;
    const { origin, size: treeSize } = of;
    if (options.json === true) {
      const about = { kind, source, eventId: id, type, subject, version: version?.toString() ?? null };
      printJson<'audit'>({ action: 'check', proven: true, index, treeSize, origin, about });
    } else {
      const what = `${type} ${version ?? ''} of ${subject}`.replace(/ +/g, ' ');
      process.stdout.write(
        `Proven: ${what}, event ${id} of ${source}, is entry ${index} of the ${treeSize} that a head of ${origin} sums up.\n`,
      );
    }
    return 0;
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    if (options.json === true) {
      printJson<'audit'>({ action: 'check', proven: false, problem: error.message });
    } else process.stdout.write(`NOT proven: ${error.message}\n`);
    return 1;
  }
}

async function trustedKeys({ key }: AuditOptions): Promise<readonly VerifierKey[]> {
  return key === undefined ? (await readPublished()).keys : [parseVerifierKey(key)];
}

function timeOf({ at }: AuditOptions): Date {
  const time = at === undefined ? new Date() : new Date(at);
  if (!Number.isNaN(time.getTime())) return time;
  throw new CodedError(
    'AUDIT_TIME_INVALID',
    `Option '--at': must be a time such as 2026-11-27T09:30:00Z, got '${at ?? ''}'; give the zone too, or that of this machine is meant`,
  );
}

/** Everything of an entry but its bytes, where a contract can read them. */
function told(entry: Entry): string {
  const { data, dataJson, ...rest } = entry;
  const state = stateOf(entry);
  return JSON.stringify({ ...rest, ...(dataJson === '' ? { data } : { state }) }, undefined, 2);
}
