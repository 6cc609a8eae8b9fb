import {
  decodeShown,
  leavesOf,
  sameHash,
  TILE_WIDTH,
  TreeRange,
  VerificationError,
} from '@meridian/verifier/index.ts';
import type { Leaf, LogSource, SignedCheckpoint } from '@meridian/verifier/index.ts';
import type { OpenedHeads } from './opened-heads.ts';
import { PREDECESSOR_TYPE } from './shown-log.ts';
import type { FindingLine } from './verdict.ts';

/** A log before the one that is verified, with what is trusted of it. */
export interface FormerLog {
  readonly log: number;
  readonly heads: OpenedHeads;
  /** Sizes of those heads that somebody kept. */
  readonly kept: ReadonlySet<number>;
}

/** What became of the heads of a former log. */
export interface FormerVerdict {
  readonly log: number;
  /** How many of its first entries the successor says that it took over. */
  readonly entries: number;
  /** Heads of it that were held against these. */
  readonly heads: number;
  /** Heads of more entries than that: what they sum up was lost before the successor began. */
  readonly lost: number;
  /** Entries that the largest of them sums up. */
  readonly largest: number;
}

/** Where the entries of a former log are in a later one, and how many. */
interface Place {
  readonly log: number;
  readonly begin: number;
  readonly entries: number;
}

/**
 * Where a log says that it took over the entries of which logs. The first entry of a successor names the log whose
 * entries follow, and how many; where that was a successor too, they begin with its first entry.
 */
async function placesIn(
  source: Pick<LogSource, 'entries'>,
  size: number,
): Promise<readonly Place[]> {
  const width = Math.min(TILE_WIDTH, size);
  const bundle = width === 0 ? undefined : await source.entries(0, width);
  const places: Place[] = [];
  let left = size;
  for (const shown of bundle === undefined ? [] : leavesOf(bundle, width, 'The first entries')) {
    const leaf = decoded(shown);
    const [, log, entries] = /\/(\d{1,9}):(\d{1,15})$/.exec(leaf?.correlation ?? '') ?? [];
    if (leaf?.type !== PREDECESSOR_TYPE || !leaf.source.startsWith('log:')) break;
    if (log === undefined) break;
    left = Math.min(left - 1, Number(entries));
    places.push({ log: Number(log), begin: places.length + 1, entries: left });
  }
  return places;
}

function decoded(shown: Uint8Array): Leaf | undefined {
  try {
    return decodeShown(shown);
  } catch (error) {
    // What is wrong with it, verification says.
    if (!(error instanceof VerificationError)) throw error;
    return undefined;
  }
}

/** Holds heads of former logs against what a later one took over, while that is read. */
export class FormerLogs {
  readonly #passes: readonly FormerPass[];

  private constructor(passes: readonly FormerPass[]) {
    this.#passes = passes;
  }

  static async open(
    logs: readonly FormerLog[],
    source: Pick<LogSource, 'entries'>,
    size: number,
  ): Promise<FormerLogs> {
    const places = logs.length === 0 ? [] : await placesIn(source, size);
    return new FormerLogs(
      logs.map((former) => {
        const place = places.find(({ log }) => log === former.log);
        return new FormerPass(former, place ?? { log: former.log, begin: 0, entries: 0 });
      }),
    );
  }

  take(hash: Uint8Array | undefined): void {
    for (const pass of this.#passes) pass.take(hash);
  }

  /** Once all of the log was read. */
  finish(): {
    readonly former: readonly FormerVerdict[];
    readonly findings: readonly FindingLine[];
  } {
    const former = this.#passes.map((pass) => pass.finish());
    return { former, findings: this.#passes.flatMap(({ findings }) => findings) };
  }
}

/** The heads of one former log, by ascending size. */
class FormerPass {
  readonly findings: FindingLine[] = [];
  readonly #former: FormerLog;
  readonly #place: Place;
  readonly #heads: Iterator<SignedCheckpoint>;
  readonly #range = new TreeRange();
  #next: SignedCheckpoint | undefined;
  #read = 0;
  #held = 0;
  #differing = 0;

  constructor(former: FormerLog, place: Place) {
    this.#former = former;
    this.#place = place;
    this.#heads = ascending(former.heads);
    this.#advance();
  }

  take(hash: Uint8Array | undefined): void {
    const { begin, entries } = this.#place;
    this.#read += 1;
    if (this.#read <= begin || this.#range.size >= entries) return;
    // Without one that is not known no later root can be right: the log itself is not as it was published then.
    this.#range.append(hash ?? new Uint8Array());
    while (this.#next !== undefined && this.#next.size <= this.#range.size) this.#hold(this.#next);
  }

  #hold({ size, root }: SignedCheckpoint): void {
    this.#held += 1;
    this.#advance();
    if (size === 0 || sameHash(this.#range.root(), root)) return;
    this.#differing += 1;
    if (this.#differing > 1) return;
    this.findings.push({
      kind: 'former',
      description: `the head of ${size} entries of log ${this.#former.log} is not of what this log took over from it: that was changed before this log began, or is changed now`,
      exposedBy: size,
    });
  }

  finish(): FormerVerdict {
    const { log, kept } = this.#former;
    const { entries } = this.#place;
    let [lost, largest] = [0, 0];
    while (this.#next !== undefined) {
      const { size } = this.#next;
      this.#advance();
      [lost, largest] = [lost + 1, size];
      if (!kept.has(size)) continue;
      this.findings.push({
        kind: 'lost',
        description: `the head of ${size} entries of log ${log}, which somebody kept: this log took over ${entries} of them, and says nothing of the others`,
        exposedBy: size,
      });
    }
    return { log, entries, heads: this.#held, lost, largest };
  }

  #advance(): void {
    const step = this.#heads.next();
    this.#next = step.done === true ? undefined : step.value;
  }
}

function* ascending(heads: OpenedHeads): Generator<SignedCheckpoint, undefined> {
  yield* heads.older();
  if (heads.newest !== undefined) yield heads.newest.head;
  return undefined;
}
