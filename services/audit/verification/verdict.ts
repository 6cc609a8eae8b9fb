import { describeFinding, verifyLog } from '@meridian/verifier/index.ts';
import type { LogReport, LogSource } from '@meridian/verifier/index.ts';
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
  /** Those of them whose data lies in an archive that was not given. */
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
}

/** Holds a log against heads, the last of which is the tree's; without any, there is only what is wrong with them. */
export async function verdictOn(
  source: LogSource,
  heads: OpenedHeads,
  {
    withArchived = true,
    onProgress = () => undefined,
  }: {
    /** Takes entries whose data lies in an archive for what the service says that they are. @default true */
    readonly withArchived?: boolean;
    readonly onProgress?: (entries: number) => void;
  } = {},
): Promise<Verdict> {
  const begin = performance.now();
  const head = heads.newest?.head;
  const report: LogReport | undefined =
    head && (await verifyLog({ source, head, heads: heads.older(), withArchived, onProgress }));
  return {
    origin: head?.origin ?? '',
    treeSize: head?.size ?? 0,
    entries: report?.leaves ?? 0,
    archived: report?.archived ?? 0,
    aggregates: report?.aggregates ?? 0,
    heads: report === undefined ? 0 : report.heads + 1,
    cosigned: heads.cosigned ?? null,
    seconds: (performance.now() - begin) / 1e3,
    findings: [...heads.findings(), ...(report?.findings ?? []).map(lineOf)],
    findingCount: heads.findingCount + (report?.findingsCount ?? 0),
    incomplete: (report?.incomplete ?? []).map(lineOf),
    incompleteCount: report?.incompleteCount ?? 0,
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
