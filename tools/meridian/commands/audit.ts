import { CodedError } from '@meridian/language/coded-error.ts';
import { VerificationError } from '@meridian/verifier/verification-error.ts';
import { entryOfEvent, stateAt } from '../../audit/ask.ts';
import type { Asked } from '../../audit/ask.ts';
import type { Entry } from '../../audit/entry.ts';
import { stateOf } from '../../audit/entry.ts';
import { history, historyTable } from '../../audit/log.ts';
import { archiveTo } from '../../audit/archive.ts';
import { check, head, keys, prove } from '../../audit/proof-actions.ts';
import type { Reach } from '../../audit/reach.ts';
import { baselined, baselineText, reconciled, reconciledText } from '../../audit/reconcile.ts';
import { successor } from '../../audit/successor.ts';
import { openTrail } from '../../audit/trail.ts';
import { exportTo, tamperDemo, verify } from '../../audit/verify-actions.ts';
import { printJson } from '../output/print-json.ts';
import { escaped } from '../output/printable.ts';

/** Options of `meridian audit`. */
export interface AuditOptions extends Reach {
  readonly json?: boolean;
  /** A time, for `state`. @default now */
  readonly at?: string;
  /** A key of a witness that must have cosigned, or a file of them, for `head`, `check` and `verify`. */
  readonly witness?: string;
  /** How many of the witnesses are enough. @default all */
  readonly quorum?: number;
  /** A file with a head that somebody kept, for `verify`. */
  readonly from?: string;
  /** A folder of an archive that has what entries carried before it moved there. */
  readonly archive?: string;
  /** Change something of this machine's platform, for `tamper`. */
  readonly demo?: boolean;
  /** Do it, after a look at what would be done. */
  readonly yes?: boolean;
  /** For `successor`: also where rows are not what was sealed, or the log could go on. */
  readonly anyway?: boolean;
}

/** What an action is given: its argument, and the options. */
type Action = (about: string, options: AuditOptions) => Promise<number>;

interface Known {
  /** What its argument is. */
  readonly takes: string;
  readonly run: Action;
  /** The task that does it inside the platform, as nobody may from outside. @default anybody who may read the trail can */
  readonly inside?: string;
}

const ACTIONS: Readonly<Record<string, Known>> = {
  log: { takes: '<id of an order, a request or an entity>', run: log },
  show: { takes: '<id of an event>', run: show },
  state: { takes: '<id of an entity>', run: state },
  head: { takes: '', run: (_about, options) => head(options) },
  keys: { takes: '', run: (_about, options) => keys(options) },
  prove: { takes: '<id of an event>', run: prove },
  check: { takes: '<proof file>', run: check },
  verify: { takes: '', run: (_about, options) => verify(options) },
  export: { takes: '<folder>', run: exportTo },
  archive: { takes: '<folder>', run: archiveTo, inside: 'archive' },
  tamper: { takes: '', run: (_about, options) => tamperDemo(options), inside: 'tamper' },
  successor: {
    takes: '',
    run: (_about, options) => successor(options),
    inside: 'audit-succession',
  },
  reconcile: { takes: '', run: reconcile, inside: 'audit-reconciliation' },
  baseline: { takes: '', run: baseline, inside: 'audit-baseline' },
};

/**
 * Tells what the audit trail has, as the declared client `audit-reading`.
 *
 * @throws {CodedError} AUDIT_ACTION_UNKNOWN, AUDIT_ENTITY_UNKNOWN, AUDIT_ENTITY_AMBIGUOUS, AUDIT_ENTRY_UNKNOWN
 * @throws {CodedError} AUDIT_REFUSED, AUDIT_TIME_INVALID, AUDIT_UNREADABLE, PLATFORM_NOT_RUNNING
 */
export async function audit(
  action: string,
  about: string | undefined,
  options: AuditOptions,
): Promise<number> {
  const chosen = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (chosen !== undefined && (chosen.takes === '') === (about === undefined)) {
    if (options.url !== undefined && chosen.inside !== undefined)
      throw onlyInside(action, chosen.inside);
    return await chosen.run(about ?? '', options).catch(refused);
  }
  const form = ([name, { takes }]: readonly [string, Known]): string => `${name} ${takes}`.trim();
  const forms = chosen === undefined ? Object.entries(ACTIONS).map(form) : [form([action, chosen])];
  throw new CodedError(
    'AUDIT_ACTION_UNKNOWN',
    `Command 'audit': must be ${forms.join(', ')}, got '${[action, about].join(' ').trim()}'; give ${forms.length === 1 ? 'it so' : 'one of them'}`,
  );
}

function onlyInside(action: string, task: string): CodedError {
  const instead =
    task === action
      ? 'it changes rows of the platform on this machine, and of no other: leave --url out'
      : `in a cluster it is a Job, 'kubectl --namespace meridian create job --from=cronjob/${task}' and a name (docs/audit.md)`;
  return new CodedError(
    'AUDIT_ONLY_INSIDE',
    `Command 'audit ${action}': must be run where the platform runs, got --url; ${instead}`,
  );
}

/** What was published, kept or typed is not what it should be: no defect of this program. */
function refused(error: unknown): never {
  if (!(error instanceof VerificationError)) throw error;
  throw new CodedError('AUDIT_REFUSED', error.message, { cause: error });
}

async function log(id: string, options: AuditOptions): Promise<number> {
  await using trail = await openTrail(options);
  const entries = await history(trail, id);
  if (options.json === true) printJson<'audit'>({ action: 'log', entries });
  else process.stdout.write(`${historyTable(entries)}\n`);
  return 0;
}

async function show(eventId: string, options: AuditOptions): Promise<number> {
  await using trail = await openTrail(options);
  const found = await entryOfEvent(trail, eventId);
  const entry = options.archive === undefined ? found : await withData(trail, found, options);
  if (options.json === true) printJson<'audit'>({ action: 'show', entry });
  else process.stdout.write(`${told(entry)}\n`);
  return 0;
}

/** 1 if there was nothing yet. */
async function state(entity: string, options: AuditOptions): Promise<number> {
  const time = timeOf(options);
  await using trail = await openTrail(options);
  const found = await stateAt(trail, entity, time);
  const entry = found === undefined ? null : await withData(trail, found, options);
  if (options.json === true) printJson<'audit'>({ action: 'state', entry });
  else if (entry !== null) process.stdout.write(`${told(entry)}\n`);
  else process.stdout.write(`There was no ${entity} at ${time.toISOString()} yet.\n`);
  return entry === null ? 1 : 0;
}

/** Code that reads contracts is loaded only where an archive is read. */
async function withData(trail: Asked, entry: Entry, { archive }: AuditOptions): Promise<Entry> {
  if (!entry.archived) return entry;
  const { wholeEntry } = await import('../../audit/archived-entry.ts');
  return (await wholeEntry(trail, entry, archive)).entry;
}

/** 0 if the trail says what the services have. */
async function reconcile(_about: string, options: AuditOptions): Promise<number> {
  const found = await reconciled();
  if (options.json === true) printJson<'audit'>(found);
  else process.stdout.write(reconciledText(found));
  return found.discrepancyCount === 0 ? 0 : 1;
}

async function baseline(_about: string, options: AuditOptions): Promise<number> {
  const outcome = await baselined(options.yes === true);
  if (options.json === true) printJson<'audit'>(outcome);
  else process.stdout.write(baselineText(outcome));
  return 0;
}

function timeOf({ at }: AuditOptions): Date {
  if (at === undefined) return new Date();
  const [, day = '', hour = ''] = RFC_3339.exec(at) ?? [];
  const time = new Date(hour === '24' ? Number.NaN : at);
  if (!Number.isNaN(time.getTime()) && isDay(day)) return time;
  throw new CodedError(
    'AUDIT_TIME_INVALID',
    `Option '--at': must be a time with its zone such as 2026-11-27T09:30:00Z or 2026-11-27T10:30:00+01:00, got '${at}'; give it in that form`,
  );
}

/** Date makes the 2nd of March of the 30th of February. */
function isDay(text: string): boolean {
  const day = new Date(text);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** A date, a time and a zone (RFC 3339). */
const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d):\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Everything of an entry but its bytes, where a contract can read them. */
function told(entry: Entry): string {
  const { data, dataJson, archived, ...rest } = entry;
  const state = archived
    ? { archived: 'what it carries has moved to an archive: --archive <folder> shows it' }
    : dataJson === ''
      ? { data }
      : { state: stateOf(entry) };
  return escaped(JSON.stringify({ ...rest, ...state }, undefined, 2));
}
