import {
  describeFinding,
  openCheckpoint,
  VerificationError,
  verifyLog,
} from '@meridian/verifier/index.ts';
import type { LogSource, TreeHead, VerifierKey } from '@meridian/verifier/index.ts';

/** What a log is verified by. */
export interface VerdictOptions {
  readonly keys: readonly VerifierKey[];
  /** Signed notes by ascending size. */
  readonly heads: readonly string[];
  readonly onProgress: (entries: number) => void;
}

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
  readonly aggregates: number;
  readonly heads: number;
  readonly seconds: number;
  /** The first thousand. */
  readonly findings: readonly FindingLine[];
  readonly findingCount: number;
  /** The first thousand. */
  readonly incomplete: readonly FindingLine[];
  readonly incompleteCount: number;
}

/** Holds a log against heads, each of which must be signed; the last one is the tree's. */
export async function verdictOn(source: LogSource, options: VerdictOptions): Promise<Verdict> {
  const { keys, onProgress } = options;
  const begin = performance.now();
  const unsigned: FindingLine[] = [];
  const heads: TreeHead[] = [];
  const newest = options.heads.at(-1) ?? '';
  const head = openCheckpoint(newest, { keys });
  for (const note of options.heads.slice(0, -1)) {
    try {
      heads.push(openCheckpoint(note, { keys }));
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      unsigned.push({ kind: 'head', description: error.message });
    }
  }
  const report = await verifyLog({ source, head, heads, onProgress });
  return {
    origin: head.origin,
    treeSize: head.size,
    entries: report.leaves,
    aggregates: report.aggregates,
    heads: report.heads + 1,
    seconds: (performance.now() - begin) / 1e3,
    findings: [...unsigned, ...report.findings.map(lineOf)],
    findingCount: unsigned.length + report.findingsCount,
    incomplete: report.incomplete.map(lineOf),
    incompleteCount: report.incompleteCount,
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
