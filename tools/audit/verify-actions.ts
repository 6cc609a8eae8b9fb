import { once } from 'node:events';
import { CodedError } from '@meridian/language/coded-error.ts';
import { counted } from '../meridian/output/count-text.ts';
import { printJson } from '../meridian/output/print-json.ts';
import { localFolders } from '../meridian/places.ts';
import { eventOf } from './entry.ts';
import { newestHead } from './newest-head.ts';
import { readPublished } from './published.ts';
import { leftTampering, tamper } from './tamper.ts';
import { exported, verified, verifiedText } from './verify.ts';
import type { Trust, Verified } from './verify.ts';

interface JsonOption {
  readonly json?: boolean;
}

/** 0 if everything is as it was published, and whole. */
export async function verify(options: JsonOption & Trust): Promise<number> {
  const found = await verified(options);
  const left = options.url === undefined ? leftTampering(localFolders().state) : undefined;
  if (left !== undefined) {
    process.stderr.write(
      `Entry ${left.index} was changed by 'audit tamper --demo', which is under way or was killed; where it was killed, 'npm run audit -- tamper --demo' puts the entry back\n`,
    );
  }
  if (options.json === true) printJson<'audit'>(found);
  else process.stdout.write(verifiedText(found));
  return isSound(found) ? 0 : 1;
}

/** Writes the log as files that others' programs verify too. */
export async function exportTo(folder: string, options: JsonOption & Trust): Promise<number> {
  const written = await exported(folder, options);
  if (options.json === true) printJson<'audit'>(written);
  else {
    const { files, treeSize } = written;
    process.stdout.write(
      `${written.folder}: ${counted(files, 'file')} with ${counted(treeSize, 'entry', 'entries')} and the newest head; 'node verifier/meridian-verifier.mjs verify --log' verifies them on any machine\n`,
    );
  }
  return 0;
}

/** 0 if the change was found at its place, and everything is as it was again. */
export async function tamperDemo({
  demo,
  json,
}: JsonOption & { readonly demo?: boolean }): Promise<number> {
  if (demo !== true) {
    throw new CodedError(
      'AUDIT_TAMPER_UNCONFIRMED',
      "Command 'audit tamper': must have --demo, got none; it changes an old entry of the platform on this machine, shows what 'audit verify' says, and puts the entry back",
    );
  }
  // What no head sums up yet, none exposes.
  const treeSize = newestHead(await readPublished('newest'))?.head.size ?? 0;
  // Whoever presses Ctrl-C has the row put back too: what runs is let come to its end.
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await tampered(treeSize, { json: json === true, signal: interrupted.signal });
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function tampered(
  treeSize: number,
  { json, signal }: { readonly json: boolean; readonly signal: AbortSignal },
): Promise<number> {
  const say = (text: string): void => void (json ? process.stderr : process.stdout).write(text);
  const tampering = await tamper(treeSize);
  const { changed } = tampering;
  const what = `entry ${changed.index}, ${eventOf({ type: changed.type, kind: 'event' })} of ${changed.subject}`;
  let during: Verified;
  try {
    say(
      `As the database's superuser, one bit of an old row was changed: ${what}. Now 'audit verify':\n\n`,
    );
    during = await orInterrupted(verified({}), signal);
    say(verifiedText(during));
  } finally {
    await tampering.undo();
  }
  say(`\nThe row is as it was. Now 'audit verify' again:\n\n`);
  const after = await orInterrupted(verified({}), signal);
  say(verifiedText(after));
  const found = during.findings.some(({ index }) => index === changed.index);
  if (json) {
    const { index, id: eventId, subject } = changed;
    printJson<'audit'>({
      action: 'tamper',
      changed: { index, eventId, subject },
      found,
      after: isSound(after),
    });
  }
  return found && isSound(after) ? 0 : 1;
}

/** What becomes of something, unless somebody wants an end first. */
async function orInterrupted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const ended = new AbortController();
  try {
    const end = once(signal, 'abort', { signal: ended.signal }).then(() => signal.throwIfAborted());
    return (await Promise.race([work, end])) as Value;
  } finally {
    ended.abort();
  }
}

function isSound({ findingCount, incompleteCount, lackingCount }: Verified): boolean {
  return findingCount === 0 && incompleteCount === 0 && lackingCount === 0;
}
