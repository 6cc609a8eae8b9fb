import { describeFinding, verifyLog } from '@meridian/verifier/index.ts';
import type { LogReport, LogSource } from '@meridian/verifier/index.ts';
import { ArchivedLog } from '../archive/archived-log.ts';
import { FormerLogs } from './former-logs.ts';
import type { FormerLog, FormerVerdict } from './former-logs.ts';
import type { Cosigned, OpenedHeads } from './opened-heads.ts';

/** Something that is not as it was published, or not whole. */
export interface FindingLine {
  readonly kind: string;
  readonly description: string;
  /** Of the entry, where it is one. */
  readonly index?: number;
  /** Size of the first head that exposes it. */
  readonly exposedBy?: number;
}

/** What became of a verification. */
export interface Verdict {
  readonly origin: string;
  readonly treeSize: number;
  readonly entries: number;
  /** Those of them whose data lies in an archive that was not given, or that has it not. */
  readonly archived: number;
  readonly aggregates: number;
  readonly heads: number;
  /** The largest head that as many witnesses have seen as were asked for. */
  readonly cosigned: Cosigned | null;
  readonly seconds: number;
  /** The first thousand. */
  readonly findings: readonly FindingLine[];
  readonly findingCount: number;
  /** The first thousand. */
  readonly incomplete: readonly FindingLine[];
  readonly incompleteCount: number;
  /** What the archive that was given has not, although it has moved: of these, the first thousand. */
  readonly lacking: readonly FindingLine[];
  readonly lackingCount: number;
  /** Of the logs before it, as far as heads of them are there. */
  readonly former: readonly FormerVerdict[];
}

/**
 * Holds a log against heads, the last of which is the tree's; without any, there is only what is wrong with them.
 * Entries whose data lies in an archive are taken for what the service says that they are.
 */
export async function verdictOn(
  source: LogSource,
  heads: OpenedHeads,
  {
    former = [],
    onProgress = () => undefined,
  }: {
    readonly former?: readonly FormerLog[];
    readonly onProgress?: (entries: number) => void;
  } = {},
): Promise<Verdict> {
  const begin = performance.now();
  const head = heads.newest?.head;
  const formerLogs = await FormerLogs.open(former, source, head?.size ?? 0);
  const onLeafHash = (hash: Uint8Array | undefined): void => formerLogs.take(hash);
  const given = { source, heads: heads.older(), withArchived: true, onLeafHash, onProgress };
  const report: LogReport | undefined = head && (await verifyLog({ ...given, head }));
  const before = formerLogs.finish();
  return {
    origin: head?.origin ?? '',
    treeSize: head?.size ?? 0,
    entries: report?.leaves ?? 0,
    archived: report?.archived ?? 0,
    aggregates: report?.aggregates ?? 0,
    heads: report === undefined ? 0 : report.heads + 1,
    cosigned: heads.cosigned ?? null,
    seconds: (performance.now() - begin) / 1e3,
    findings: [...heads.findings(), ...before.findings, ...(report?.findings ?? []).map(lineOf)],
    findingCount: heads.findingCount + before.findings.length + (report?.findingsCount ?? 0),
    incomplete: (report?.incomplete ?? []).map(lineOf),
    incompleteCount: report?.incompleteCount ?? 0,
    ...lackingOf(source, report),
    former: before.former,
  };
}

/** An entry of which the log itself has another hash than its tiles is a finding of the log, and none of the archive. */
function lackingOf(source: LogSource, report: LogReport | undefined) {
  const { indexes = [], count = 0 } = source instanceof ArchivedLog ? source.lacking : {};
  const changed = new Set(
    report?.findings.flatMap((finding) => (finding.kind === 'leaf' ? finding.index : [])),
  );
  const lacking = indexes.filter((index) => !changed.has(index));
  return {
    lacking: lacking.map((index) => ({
      kind: 'archive',
      description: `the archive has not entry ${index} as the log has it`,
      index,
    })),
    lackingCount: count - (indexes.length - lacking.length),
  };
}

function lineOf(finding: Parameters<typeof describeFinding>[0]): FindingLine {
  return {
    kind: finding.kind,
    description: describeFinding(finding),
    ...('index' in finding && finding.kind !== 'tile' && finding.kind !== 'unreadable'
      ? { index: finding.index }
      : {}),
    ...('exposedBy' in finding ? { exposedBy: finding.exposedBy } : {}),
  };
}
