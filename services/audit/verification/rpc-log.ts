import type { Clients } from '@meridian/kit/clients.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { encodeBundle, TILE_WIDTH } from '@meridian/verifier/index.ts';
import type { LogSource } from '@meridian/verifier/index.ts';
import type { auditVerification } from './task.ts';

type Audit = Clients<typeof auditVerification>['audit'];

/** A large page of leaves takes its time. */
const TIMEOUT_MS = 30_000;

/** The log as the audit service shows it, bundle by bundle; leaves are read ahead in large pages. */
export class RpcLog implements LogSource {
  readonly #audit: Audit;
  readonly #note: string;
  readonly #options: { readonly signal: AbortSignal; readonly timeoutMs: number };
  #leaves: readonly Uint8Array[] = [];
  /** Index of the first of them. */
  #start = 0;
  /** The last bundle that was asked for: the next one is most often in the page that it reads. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param note the head that the log is held against: what the service says of it is not asked */
  constructor(audit: Audit, note: string, signal: AbortSignal) {
    this.#audit = audit;
    this.#note = note;
    this.#options = { signal, timeoutMs: TIMEOUT_MS };
  }

  checkpoint(): Promise<Uint8Array> {
    return Promise.resolve(Buffer.from(this.#note));
  }

  async tile(level: number, index: number, width: number): Promise<Uint8Array | undefined> {
    const request = { level, index: BigInt(index), width };
    const answer = await this.#audit.getTile(request, this.#options).catch(nothingBeyondTheTree);
    return answer?.hashes;
  }

  entries(index: number, width: number): Promise<Uint8Array | undefined> {
    const bundle = this.#last.then(() => this.#bundle(index, width));
    // Whoever asked for it is told of its failure.
    this.#last = Promise.allSettled([bundle]);
    return bundle;
  }

  async #bundle(index: number, width: number): Promise<Uint8Array | undefined> {
    const first = index * TILE_WIDTH;
    if (first < this.#start || first + width > this.#start + this.#leaves.length) {
      await this.#read(first, width);
    }
    const leaves = this.#leaves.slice(first - this.#start, first - this.#start + width);
    if (leaves.length < width) return undefined;
    return encodeBundle(leaves);
  }

  /** Reads at least so many leaves, unless the log has fewer. */
  async #read(first: number, width: number): Promise<void> {
    const leaves: Uint8Array[] = [];
    while (leaves.length < width) {
      const startIndex = BigInt(first + leaves.length);
      const page = await this.#audit.listLeaves({ startIndex }, this.#options);
      if (page.leaves.length === 0) break;
      leaves.push(...page.leaves);
    }
    this.#leaves = leaves;
    this.#start = first;
  }
}

function nothingBeyondTheTree(error: unknown): undefined {
  if (error instanceof RpcError && error.status === 'OUT_OF_RANGE') return undefined;
  throw error;
}
