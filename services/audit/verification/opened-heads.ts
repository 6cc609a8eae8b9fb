import { openCheckpoint, VerificationError } from '@meridian/verifier/index.ts';
import type { CheckpointPolicy, SignedCheckpoint } from '@meridian/verifier/index.ts';
import { NO_NOTES } from './published-notes.ts';
import type { PublishedNotes } from './published-notes.ts';
import type { FindingLine } from './verdict.ts';

/** A head with the note that it was read from. */
export interface OpenedHead {
  readonly note: string;
  readonly head: SignedCheckpoint;
}

/** A head that witnesses have seen. */
export interface Cosigned {
  readonly treeSize: number;
  /** Their names. */
  readonly witnesses: readonly string[];
}

const FINDINGS_MAX = 1000;

/**
 * Heads, as far as they are to be believed: what is wrong with one, even the newest, is a finding and keeps no other
 * from being used. They go by the sizes that were signed.
 */
export class OpenedHeads {
  readonly #notes: PublishedNotes;
  readonly #policy: CheckpointPolicy;
  /** Of those that somebody kept, the smallest first. */
  readonly #kept: readonly OpenedHead[];
  readonly #findings: FindingLine[] = [];
  #findingCount = 0;
  #newest: OpenedHead | undefined;
  /** How many of those that were published, the smallest, were not looked at for the newest. */
  #left: number;
  /** Those with the most witnesses, up to as many as are asked for, and of these the largest. */
  #cosigned: Cosigned | undefined;

  constructor(
    {
      kept,
      published = NO_NOTES,
    }: { readonly kept: readonly string[]; readonly published?: PublishedNotes },
    policy: CheckpointPolicy,
  ) {
    this.#notes = published;
    this.#policy = policy;
    this.#kept = kept
      .flatMap((note) => this.#open(note) ?? [])
      .sort((one, other) => one.head.size - other.head.size);
    this.#newest = this.#kept.at(-1);
    this.#left = published.sizes.length;
    // One that is not to be believed gives way to the one before it.
    while (this.#left > 0 && (published.sizes[this.#left - 1] ?? 0) >= this.#sizeOfNewest) {
      this.#left -= 1;
      const opened = this.#openAt(this.#left);
      if (opened !== undefined) {
        this.#newest = opened;
        break;
      }
    }
  }

  /** The one whose tree the log is held against; undefined where there is none to be believed. */
  get newest(): OpenedHead | undefined {
    return this.#newest;
  }

  /** The others, by ascending size; read while they are asked for, once. */
  *older(): Iterable<SignedCheckpoint> {
    if (this.#newest === undefined) return;
    const kept = this.#kept.filter((each) => each !== this.#newest).map(({ head }) => head);
    for (let position = 0; position < this.#left; position += 1) {
      const head = this.#openAt(position)?.head;
      while (head && kept[0] && kept[0].size <= head.size) yield* kept.splice(0, 1);
      if (head !== undefined) yield head;
    }
    yield* kept;
  }

  /** None is to be used, for a reason that is found. */
  leaveOut(finding: FindingLine): void {
    this.#newest = undefined;
    this.#found(finding);
  }

  /** What is wrong with heads, once all were read: the first thousand. */
  findings(): readonly FindingLine[] {
    const missing = this.#missingCosignatures();
    return missing === undefined ? this.#findings : [missing, ...this.#findings];
  }

  get findingCount(): number {
    return this.#findingCount + (this.#missingCosignatures() === undefined ? 0 : 1);
  }

  /** The largest head that enough witnesses have seen; none where no witness was named. */
  get cosigned(): Cosigned | undefined {
    return this.#missingCosignatures() === undefined ? this.#cosigned : undefined;
  }

  /** Of those who ask for witnesses: one head that they have seen vouches for all before it, so it need not be each. */
  #missingCosignatures(): FindingLine | undefined {
    const { witnesses = [] } = this.#policy;
    const { treeSize, witnesses: seenBy = [] } = this.#cosigned ?? {};
    if (seenBy.length >= this.#quorum) return undefined;
    const got = treeSize === undefined ? 'none' : `${seenBy.length} on that of ${treeSize} entries`;
    return {
      kind: 'witness',
      description: `some head must have cosignatures of ${this.#quorum} of the ${witnesses.length} witnesses, got ${got}: give one that they have seen, such as with --from`,
    };
  }

  get #sizeOfNewest(): number {
    return this.#newest?.head.size ?? 0;
  }

  get #quorum(): number {
    return this.#policy.quorum ?? this.#policy.witnesses?.length ?? 0;
  }

  #openAt(position: number): OpenedHead | undefined {
    const name = this.#notes.name(position);
    const opened = this.#open(this.#notes.note(position), `heads/${name}: `);
    if (opened !== undefined && Number(name) !== opened.head.size) {
      this.#found({
        kind: 'head',
        description: `heads/${name} holds the head of ${opened.head.size} entries: somebody wrote it there under another size`,
      });
    }
    return opened;
  }

  #open(note: string, place = ''): OpenedHead | undefined {
    try {
      const head = openCheckpoint(note, { ...this.#policy, quorum: 0 });
      this.#noteWitnesses(head);
      return { note, head };
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      this.#found({ kind: 'head', description: `${place}${error.message}` });
      return undefined;
    }
  }

  #noteWitnesses({ size: treeSize, signatures }: SignedCheckpoint): void {
    const witnesses = signatures
      .filter(({ time }) => time !== undefined)
      .map(({ key }) => key.name);
    const { witnesses: most = [], treeSize: largest = 0 } = this.#cosigned ?? {};
    const [count, known] = [witnesses.length, most.length].map((each) =>
      Math.min(each, this.#quorum),
    );
    if (count === undefined || known === undefined || count === 0 || count < known) return;
    if (count > known || treeSize >= largest) this.#cosigned = { treeSize, witnesses };
  }

  #found(finding: FindingLine): void {
    this.#findingCount += 1;
    if (this.#findings.length < FINDINGS_MAX) this.#findings.push(finding);
  }
}
