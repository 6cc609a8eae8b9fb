import type { Elasticsearch } from '@meridian/kit/elasticsearch/elasticsearch.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { Offsets } from './catalogue-events.ts';

/** What a rebuild does; see IndexRebuildPhase of the contract. */
export type Phase = 'reading' | 'following' | 'comparing' | 'switching' | 'done' | 'failed';

/** The last rebuild, as it is kept in the index of that name. */
export interface RebuildRecord {
  readonly build: string;
  readonly phase: Phase;
  readonly startTime: string;
  /** Renewed while it lives. */
  readonly updateTime: string;
  readonly productsRead: number;
  readonly eventsFollowed: number;
  readonly productsCompared: number;
  readonly error: string;
  /**
   * An index that is in use, or about to be, and from where its events are to be applied again: those
   * that were written to its predecessor when it took over may be missing in it.
   */
  readonly unsettled?: { readonly build: string; readonly from: Offsets } | undefined;
  /** Before this place the last index that was finished has all events. */
  readonly covered?: Offsets | undefined;
}

/** A rebuild that has said nothing for so long has died. */
export const LEASE_MS = 30_000;

const DOCUMENT = 'rebuild';
const REQUEST_TIMEOUT_MS = 5_000;

/** Another rebuild has taken over, or this one was taken for dead. */
export class RebuildLostError extends Error {
  override readonly name = 'RebuildLostError';
}

/** A record with the place that it was read at, so that a write tells whether it is still that. */
interface Kept {
  readonly record: RebuildRecord;
  readonly seqNo: number;
  readonly primaryTerm: number;
}

/** The one record of rebuilds: their lock at the same time, which dies with its holder. */
export class RebuildRecords {
  readonly #search: Elasticsearch;
  readonly #now: () => Date;

  constructor(search: Elasticsearch, now: () => Date = () => new Date()) {
    this.#search = search;
    this.#now = now;
  }

  /** The last rebuild; undefined if there was none. */
  async last(): Promise<RebuildRecord | undefined> {
    return (await this.#read())?.record;
  }

  /** Whether a rebuild runs, as far as it says. */
  isAlive({ phase, updateTime }: RebuildRecord): boolean {
    if (phase === 'done' || phase === 'failed') return false;
    return this.#now().getTime() - Date.parse(updateTime) < LEASE_MS;
  }

  /** Begins a rebuild of that name. Throws FAILED_PRECONDITION while another lives. */
  async begin(build: string): Promise<RebuildLease> {
    const kept = await this.#read();
    if (kept !== undefined && this.isAlive(kept.record)) throw rebuildRuns(kept.record.build);
    const { unsettled, covered } = kept?.record ?? {};
    const time = this.#now().toISOString();
    const record: RebuildRecord = {
      build,
      phase: 'reading',
      startTime: time,
      updateTime: time,
      productsRead: 0,
      eventsFollowed: 0,
      productsCompared: 0,
      error: '',
      unsettled,
      covered,
    };
    if (kept === undefined) await this.#makeIndex();
    const written = await this.#write(record, kept);
    if (written === undefined) throw rebuildRuns('another');
    return new RebuildLease(written, (next, before) => this.#rewrite(next, before), this.#now);
  }

  async #read(): Promise<Kept | undefined> {
    const { status, body } = await this.#search.request('get_rebuild', {
      method: 'GET',
      path: `/${this.#index}/_doc/${DOCUMENT}`,
      timeoutMs: REQUEST_TIMEOUT_MS,
      allowed: [404],
    });
    if (status === 404) return undefined;
    const found = body as Written & { readonly _source: RebuildRecord };
    return { record: found._source, seqNo: found._seq_no, primaryTerm: found._primary_term };
  }

  /** Undefined if the record has been written by somebody else since. */
  async #write(record: RebuildRecord, before: Kept | undefined): Promise<Kept | undefined> {
    const condition =
      before === undefined
        ? 'op_type=create'
        : `if_seq_no=${before.seqNo}&if_primary_term=${before.primaryTerm}`;
    const { status, body } = await this.#search.request('put_rebuild', {
      method: 'PUT',
      path: `/${this.#index}/_doc/${DOCUMENT}?${condition}`,
      body: record,
      timeoutMs: REQUEST_TIMEOUT_MS,
      allowed: [409],
    });
    if (status === 409) return undefined;
    const written = body as Written;
    return { record, seqNo: written._seq_no, primaryTerm: written._primary_term };
  }

  /** Undefined if the record is another's now: one of our own may have come without an answer in time. */
  async #rewrite(record: RebuildRecord, before: Kept): Promise<Kept | undefined> {
    const written = await this.#write(record, before);
    if (written !== undefined) return written;
    const kept = await this.#read();
    return kept?.record.build === record.build ? this.#write(record, kept) : undefined;
  }

  async #makeIndex(): Promise<void> {
    await this.#search.request('create_index', {
      method: 'PUT',
      path: `/${this.#index}`,
      timeoutMs: REQUEST_TIMEOUT_MS,
      body: {
        settings: { number_of_shards: 1, auto_expand_replicas: '0-1' },
        mappings: { enabled: false },
      },
      // It is there, by another who begins.
      allowed: [400],
    });
  }

  get #index(): string {
    return `${this.#search.index}.rebuild`;
  }
}

interface Written {
  readonly _seq_no: number;
  readonly _primary_term: number;
}

type Write = (record: RebuildRecord, before: Kept) => Promise<Kept | undefined>;

/** The right to rebuild, for as long as its record is nobody else's. */
export class RebuildLease {
  readonly #write: Write;
  readonly #now: () => Date;
  #kept: Kept;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(kept: Kept, write: Write, now: () => Date) {
    this.#kept = kept;
    this.#write = write;
    this.#now = now;
  }

  get record(): RebuildRecord {
    return this.#kept.record;
  }

  /** Says how far it is. Throws RebuildLostError if it is not its holder's any more. */
  update(changes: Partial<RebuildRecord>): Promise<void> {
    const next = this.#writing.catch(() => undefined).then(() => this.#put(changes));
    this.#writing = next;
    return next;
  }

  async #put(changes: Partial<RebuildRecord>): Promise<void> {
    const record = { ...this.record, ...changes, updateTime: this.#now().toISOString() };
    const written = await this.#write(record, this.#kept);
    if (written === undefined) {
      throw new RebuildLostError(`Rebuild ${record.build}: another has taken over`);
    }
    this.#kept = written;
  }
}

function rebuildRuns(build: string): RpcError {
  return new RpcError('FAILED_PRECONDITION', `a rebuild of the index runs (${build})`);
}
