import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { CheckpointPolicy, SignedCheckpoint } from './checkpoint.ts';
import { openCheckpoint } from './checkpoint.ts';
import { describeFinding } from './findings.ts';
import { FolderLog } from './folder-log.ts';
import { hashText } from './hashing.ts';
import { HttpLog, LogServerError } from './http-log.ts';
import { decodeLeaf } from './leaf.ts';
import type { LogSource } from './log-source.ts';
import { checkProofFile } from './proof-file.ts';
import type { TreeHead } from './proofs.ts';
import type { NoteSignature, VerifierKey } from './signed-note.ts';
import { parseVerifierKey } from './signed-note.ts';
import { shortened } from './text.ts';
import { VerificationError } from './verification-error.ts';
import type { LogReport } from './verify-log.ts';
import { verifyLog } from './verify-log.ts';

const HELP = `meridian-verifier: checks a transparency log from outside

  meridian-verifier check <proof file> --key <vkey>
      that one event is in a log that a signed head seals
  meridian-verifier verify --log <folder or URL> --key <vkey> [--from <checkpoint file>] [--heads <folder>]
      every leaf and tile of a log, and that older heads are beginnings of it

  --key <vkey>       a key of the log; several where it was rotated
  --from <file>      a checkpoint that you kept; several are allowed
  --heads <folder>   a folder of such files
  --witness <vkey>   the key of a witness that must have cosigned; several are allowed
  --quorum <number>  how many of the witnesses are enough; all unless given
  --opaque           the leaves are not of the Meridian format
  --json             what was found, as JSON

  Ends with 0 where all is as it should be, 1 where something was refused or found, 2 where nothing could be checked.

  meridian-verifier check event.tlog-proof --key 'meridian.example/audit/1+6ba1f2c0+AX…'
  meridian-verifier verify --log https://log.example/audit/ --key 'meridian.example/audit/1+6ba1f2c0+AX…'
`;

type Options = ReturnType<typeof parse>['values'];

/** What was asked cannot be done as it was asked. */
class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** Where the command writes; a test reads it. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/**
 * Runs `meridian-verifier`.
 *
 * @returns the exit code: 0 all as it should be, 1 refused or found, 2 not checked
 */
export async function runCommand(
  argv: readonly string[],
  out: Output = process.stdout,
  err: Output = process.stderr,
): Promise<0 | 1 | 2> {
  try {
    const { values, positionals } = parse(argv);
    const [verb, ...rest] = positionals;
    if (values.help) out.write(HELP);
    if (values.help) return 0;
    if (verb === 'check' && rest[0] !== undefined && rest.length === 1) {
      return check(rest[0], values, out);
    }
    if (verb === 'verify' && rest.length === 0) return await verify(values, out, err);
    throw new UsageError(
      `Command: must be "check <proof file>" or "verify", got '${shortened(positionals.join(' '))}'; see --help.`,
    );
  } catch (error) {
    err.write(`${messageOf(error)}\n`);
    // A key that was mistyped is the user's, not evidence.
    return error instanceof VerificationError && error.code !== 'KEY_MALFORMED' ? 1 : 2;
  }
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      key: { type: 'string', multiple: true, default: [] as string[] },
      log: { type: 'string' },
      from: { type: 'string', multiple: true, default: [] as string[] },
      heads: { type: 'string' },
      witness: { type: 'string', multiple: true, default: [] as string[] },
      quorum: { type: 'string' },
      opaque: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

function check(file: string, options: Options, out: Output): 0 {
  const { leaf, index, checkpoint } = checkProofFile(readFileSync(file), policyOf(options));
  const event = options.opaque ? undefined : decodeLeaf(leaf);
  if (options.json) {
    const data = event && Buffer.from(event.data).toString('base64');
    const { origin, size } = checkpoint;
    out.write(`${JSON.stringify({ index, origin, size, event: event && { ...event, data } })}\n`);
    return 0;
  }
  out.write(`proven: leaf ${index} of ${headText(checkpoint)}\n`);
  for (const [name, value] of Object.entries(event ?? {})) {
    if (typeof value !== 'object' && value !== undefined && name !== 'dataIsHash') {
      out.write(`  ${name.padEnd(12)}${shortened(String(value))}\n`);
    }
  }
  if (event !== undefined) {
    const what = event.dataIsHash ? 'the SHA-256 of its data' : `${event.data.length} bytes`;
    out.write(`  ${'data'.padEnd(12)}${what}\n`);
  }
  return 0;
}

async function verify(options: Options, out: Output, err: Output): Promise<0 | 1> {
  const policy = policyOf(options);
  const source = sourceOf(options.log);
  const note = await source.checkpoint();
  if (note === undefined) {
    throw new UsageError(
      `Log '${options.log ?? ''}': must have a file 'checkpoint', got none; see whether it is the log's own folder or URL.`,
    );
  }
  const head = openCheckpoint(note, policy);
  const heads = headFiles(options).map((file) => openOlder(file, policy, head));
  const report = await verifyLog({
    ...{ source, head, leaves: options.opaque ? 'opaque' : 'meridian' },
    heads: heads.sort((one, other) => one.size - other.size),
    onProgress: progress(head.size, err),
  });
  const { origin, size, root } = head;
  const shown = { ...report, head: { origin, size, root: hashText(root) } };
  out.write(`${options.json ? JSON.stringify(shown) : reportText(report, head)}\n`);
  return report.findingsCount + report.incompleteCount === 0 ? 0 : 1;
}

/**
 * Older heads were perhaps cosigned by none: that they are beginnings of this one is what is asked. There may be very
 * many, so of each no more is kept than is compared.
 */
function openOlder(file: string, { keys }: CheckpointPolicy, head: SignedCheckpoint): TreeHead {
  const older = openCheckpoint(readFileSync(file), { keys });
  if (older.origin === head.origin) return { size: older.size, root: older.root };
  throw new VerificationError(
    'ORIGIN_WRONG',
    `Checkpoint in '${file}': must be of '${head.origin}', got '${shortened(older.origin)}'; it is of another log.`,
  );
}

function headFiles({ from, heads }: Options): readonly string[] {
  if (heads === undefined) return from;
  return [...from, ...readdirSync(heads).map((name) => path.join(heads, name))];
}

function policyOf({ key, witness, quorum }: Options): CheckpointPolicy {
  if (key.length === 0) {
    throw new UsageError(
      'Key: must be given as --key <name>+<id>+<base64>, got none; take it from where the log publishes its keys.',
    );
  }
  const witnesses = witness.map((vkey) => keyOf(vkey, 'cosignature/v1'));
  const enough = Number(quorum ?? witnesses.length);
  if (!Number.isInteger(enough) || enough < 0 || enough > witnesses.length) {
    throw new UsageError(
      `Quorum: must be 0 to ${witnesses.length}, the number of witnesses, got '${quorum ?? ''}'; give more witnesses or fewer.`,
    );
  }
  return { keys: key.map((vkey) => keyOf(vkey, 'ed25519')), witnesses, quorum: enough };
}

function keyOf(vkey: string, type: VerifierKey['type']): VerifierKey {
  const key = parseVerifierKey(vkey);
  if (key.type === type) return key;
  throw new UsageError(
    `Key '${shortened(vkey)}': must be of type ${type}, got ${key.type}; give keys of logs as --key and those of witnesses as --witness.`,
  );
}

function sourceOf(log: string | undefined): LogSource {
  if (log !== undefined && /^https?:\/\//.test(log) && URL.canParse(log))
    return new HttpLog(new URL(log));
  if (log !== undefined && existsSync(log)) return new FolderLog(log);
  throw new UsageError(
    `Log '${log ?? ''}': must be a folder or a URL of http or https, got neither; give it as --log.`,
  );
}

function progress(size: number, err: Output): (leaves: number) => void {
  let told = Date.now();
  return (leaves) => {
    const now = Date.now();
    if (now - told < 1000) return;
    told = now;
    const end = err.isTTY === true ? '\r' : '\n';
    err.write(
      `verified ${leaves} of ${size} leaves (${Math.floor((leaves / size) * 100)} %)${end}`,
    );
  };
}

function reportText(report: LogReport, head: SignedCheckpoint): string {
  const { leaves, aggregates, heads, findings, findingsCount, incomplete, incompleteCount } =
    report;
  const more = (shown: number, count: number): readonly string[] =>
    count > shown ? [`  and ${count - shown} more`] : [];
  return [
    ...findings.map((finding) => `CHANGED: ${describeFinding(finding)}`),
    ...more(findings.length, findingsCount),
    ...incomplete.map((each) => `INCOMPLETE: ${describeFinding(each)}`),
    ...more(incomplete.length, incompleteCount),
    `${findingsCount === 0 ? 'verified' : 'NOT verified'}: ${counted(leaves, 'leaf', 'leaves')}, ${counted(aggregates, 'aggregate')} and ${counted(heads, 'older head')} against ${headText(head)}`,
  ].join('\n');
}

function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

function headText({ origin, size, signatures }: SignedCheckpoint): string {
  const witnesses = signatures.filter(({ time }) => time !== undefined).map(witnessText);
  const seen = witnesses.length === 0 ? '' : `, seen by ${witnesses.join(' and ')}`;
  return `the head of ${counted(size, 'leaf', 'leaves')} of '${shortened(origin)}'${seen}`;
}

function witnessText({ key, time = 0n }: NoteSignature): string {
  return `'${key.name}' at ${time} seconds since 1970`;
}

function messageOf(error: unknown): string {
  const told = [VerificationError, UsageError, LogServerError].some(
    (each) => error instanceof each,
  );
  // What Node.js says of a file or an option is what the user needs; anything else is a mistake of this program.
  if (error instanceof Error) return told || 'code' in error ? error.message : String(error.stack);
  return String(error);
}
