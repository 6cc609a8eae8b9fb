import { decodeLeaf, leavesOf, VerificationError } from '@meridian/verifier/index.ts';
import type { LogSource } from '@meridian/verifier/index.ts';
import type { OpenedHeads } from './opened-heads.ts';
import type { FindingLine } from './verdict.ts';

/** The first entry of a successor (docs/audit.md); verification takes nothing from the log that it is about. */
export const PREDECESSOR_TYPE = 'meridian.audit.Predecessor';

/** Heads of another log than the audit service shows are not held against it: that it is another is what is found. */
export async function leaveOutAnother(
  source: Pick<LogSource, 'entries'>,
  opened: OpenedHeads,
): Promise<void> {
  const { newest } = opened;
  const another =
    newest && newest.head.size > 0 ? await anotherLogShown(source, newest.head.origin) : undefined;
  if (another !== undefined) opened.leaveOut(another);
}

/**
 * Says so where the audit service does not show the log that heads are of: its successor has begun and has no
 * published head yet. Held against each other, the two would differ everywhere.
 */
async function anotherLogShown(
  source: Pick<LogSource, 'entries'>,
  origin: string,
): Promise<FindingLine | undefined> {
  const bundle = await source.entries(0, 1);
  if (bundle === undefined) {
    return {
      kind: 'log',
      description: `the audit service shows no entry at all of ${origin}: its database has lost them, or a successor has begun and audit must restart`,
    };
  }
  if (!succeeds(leavesOf(bundle, 1, 'The first entry')[0], origin)) return undefined;
  return {
    kind: 'log',
    description: `the audit service shows the successor of ${origin}, of which no head is published yet: verify again in a moment`,
  };
}

function succeeds(first: Uint8Array | undefined, origin: string): boolean {
  try {
    const { type, data } = decodeLeaf(first ?? new Uint8Array());
    return type === PREDECESSOR_TYPE && Buffer.from(data).toString().startsWith(`${origin}\n`);
  } catch (error) {
    // What is wrong with it, verification says.
    if (!(error instanceof VerificationError)) throw error;
    return false;
  }
}
