import { timestampDate } from '@bufbuild/protobuf/wkt';
import { BadRequestSchema } from '@meridian/kit/contract/gen/google/rpc/error_details_pb.js';
import type { Session } from '@meridian/kit/postgres/database.ts';
import { pageSizeOf } from '@meridian/kit/pages/page-size.ts';
import type { PageTokens } from '@meridian/kit/pages/page-tokens.ts';
import { detailedError } from '@meridian/kit/rpc/error-details.ts';
import type { Handlers } from '@meridian/kit/rpc/handlers.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { ArchiveStore } from './retention/archive-store.ts';
import { AuditService } from './contract/gen/meridian/audit/v1/audit_pb.js';
import type { StoredEntry } from './entry-row.ts';
import { EntryStore } from './entry-store.ts';
import { HeadStore } from './head-store.ts';
import { leafHashOf } from './leaf-hash.ts';
import { encodeLeaf, shownLeaf } from './leaf.ts';
import { LogReader } from './log/log-reader.ts';
import { TILE_WIDTH } from './log/merkle.ts';
import type { Successor } from './log/start-successor.ts';
import { toCheckpointMessage, toEntryMessage, toKeyMessage, toReadMessage } from './messages.ts';
import { StoreTrouble } from './publication/store-trouble.ts';
import { ReadLog, recorded } from './read-log.ts';
import { historyHandlers } from './reconciliation/handlers.ts';

/** What the methods need. */
export interface AuditParts {
  readonly session: Session;
  readonly pages: PageTokens;
  readonly archives: ArchiveStore;
  /** Why the log takes no more entries; undefined while it does. */
  readonly stoppedBecause: () => string | undefined;
  /** Begins the next log; throws a CodedError while this one has not stopped. */
  readonly succeed: (options: { readonly anyway: boolean }) => Promise<Successor>;
}

type AuditHandlers = Handlers<typeof AuditService>;

const PAGE_SIZE_DEFAULT = 100;
const LEAVES_DEFAULT = 5_000;
/** Beyond every index. */
const END = 2n ** 63n - 1n;

/** The methods of the contract. Each call that reads is recorded before it is answered. */
export function auditHandlers(parts: AuditParts): AuditHandlers {
  const { session } = parts;
  const [entries, heads] = [new EntryStore(session), new HeadStore(session)];
  const [log, reads] = [new LogReader(session), new ReadLog(session)];
  return recorded(
    {
      ...headHandlers(parts, heads),
      ...entryHandlers(parts, entries),
      ...proofHandlers(log, entries, heads),
      ...historyHandlers(parts),
      ...archiveHandlers(parts.archives),
      async startSuccessor({ anyway }) {
        const begun = await parts.succeed({ anyway }).catch(refuseSuccessor);
        const { origin: predecessor, size: predecessorTreeSize } = begun.predecessor;
        return { log: begun.log, predecessor, predecessorTreeSize, despite: begun.despite };
      },
      async listReads(request, call) {
        const { method } = AuditService;
        const { items, nextPageToken } = await parts.pages.page(method.listReads, request, call, {
          size: pageSizeOf(request, PAGE_SIZE_DEFAULT),
          list: (limit, before) => reads.list(request.reader, limit, before),
          placeOf: ({ position }) => position.toString(),
        });
        return { reads: items.map(toReadMessage), nextPageToken };
      },
    },
    reads,
  );
}

type HeadMethod = 'getCheckpoint' | 'listCheckpoints' | 'listLogKeys';

function headHandlers(
  { pages, stoppedBecause }: AuditParts,
  heads: HeadStore,
): Pick<AuditHandlers, HeadMethod> {
  const { method } = AuditService;
  return {
    async getCheckpoint() {
      const head = await heads.newest();
      if (head === undefined) throw nothingSealed(stoppedBecause());
      return { checkpoint: toCheckpointMessage(head, stoppedBecause()) };
    },

    async listCheckpoints(request, call) {
      const { items, nextPageToken } = await pages.page(method.listCheckpoints, request, call, {
        size: pageSizeOf(request, PAGE_SIZE_DEFAULT),
        list: (limit, after) =>
          heads.list(after === undefined ? request.minTreeSize : BigInt(after) + 1n, limit),
        placeOf: ({ size }) => size.toString(),
      });
      return { checkpoints: items.map((head) => toCheckpointMessage(head)), nextPageToken };
    },

    async listLogKeys(request, call) {
      const { items, nextPageToken } = await pages.page(method.listLogKeys, request, call, {
        size: pageSizeOf(request, PAGE_SIZE_DEFAULT),
        list: (limit, after) => heads.keys(limit, after),
        placeOf: ({ keyId }) => keyId,
      });
      return { keys: items.map(toKeyMessage), nextPageToken };
    },
  };
}

type EntryMethod = 'listEntries' | 'getEntry' | 'getStateAt' | 'listLeaves';

function entryHandlers(
  { pages }: AuditParts,
  entries: EntryStore,
): Pick<AuditHandlers, EntryMethod> {
  const { method } = AuditService;
  return {
    async listEntries(request, call) {
      const place = await pages.place(method.listEntries, request, call);
      const from = place === undefined ? request.startIndex : BigInt(place);
      const range = { from, to: request.endIndex === 0n ? END : request.endIndex };
      const found = await entries.list(request, range, pageSizeOf(request, PAGE_SIZE_DEFAULT));
      const { next } = found;
      return {
        entries: found.entries.map(toEntryMessage),
        nextPageToken:
          next === undefined
            ? ''
            : await pages.next(method.listEntries, request, call, next.toString()),
      };
    },

    async getEntry({ index }) {
      const entry = await entryAt(entries, index);
      const { archivedLeaf } = entry.event;
      const leaf = archivedLeaf === undefined ? encodeLeaf(entry.event) : new Uint8Array();
      return { entry: toEntryMessage(entry), leaf };
    },

    async getStateAt({ source, subject, time }) {
      const at = time === undefined ? new Date() : timestampDate(time);
      const entry = await entries.stateAt(source, subject, at);
      if (entry !== undefined) return { entry: toEntryMessage(entry) };
      throw new RpcError('NOT_FOUND', `nothing was told of '${subject}' by then`);
    },

    async listLeaves(request) {
      const limit = pageSizeOf(request, LEAVES_DEFAULT);
      return { leaves: (await entries.events(request.startIndex, limit)).map(shownLeaf) };
    },
  };
}

type ProofMethod = 'getInclusionProof' | 'getConsistencyProof' | 'getTile';

function proofHandlers(
  log: LogReader,
  entries: EntryStore,
  heads: HeadStore,
): Pick<AuditHandlers, ProofMethod> {
  const sizeOr = async (given: bigint): Promise<bigint> => {
    if (given !== 0n) return given;
    const head = await heads.newest();
    if (head === undefined) throw nothingSealed();
    return head.size;
  };
  return {
    async getInclusionProof({ index, treeSize: given }) {
      const treeSize = await sizeOr(given);
      const hashes = await log.inclusionProof(index, treeSize);
      const { event } = await entryAt(entries, index);
      return { treeSize, leafHash: leafHashOf(event), hashes: [...hashes] };
    },

    async getConsistencyProof({ oldTreeSize, newTreeSize: given }) {
      const newTreeSize = await sizeOr(given);
      return { newTreeSize, hashes: [...(await log.consistencyProof(oldTreeSize, newTreeSize))] };
    },

    async getTile({ level, index, width }) {
      return { hashes: await log.tile(level, index, width === 0 ? TILE_WIDTH : width) };
    },
  };
}

function archiveHandlers(
  archives: ArchiveStore,
): Pick<AuditHandlers, 'planArchive' | 'recordArchive'> {
  return {
    async planArchive() {
      const { keepDays = 0, head } = await archives.plan();
      return { keepDays, ...(head === undefined ? {} : { checkpoint: toCheckpointMessage(head) }) };
    },

    async recordArchive({ treeSize }) {
      await archives.record(treeSize);
      return {};
    },
  };
}

const REFUSALS: Partial<Record<string, RpcError['status']>> = {
  AUDIT_HEAD_ABSENT: 'NOT_FOUND',
  AUDIT_ROWS_CHANGED: 'DATA_LOSS',
};

function refuseSuccessor(error: unknown): never {
  // What the store said is for whoever asked: the same call works once that is put right.
  if (error instanceof StoreTrouble) throw new RpcError('ABORTED', error.message, { cause: error });
  if (!(error instanceof CodedError)) throw error;
  throw new RpcError(REFUSALS[error.code] ?? 'FAILED_PRECONDITION', error.message, {
    cause: error,
  });
}

/** Throws OUT_OF_RANGE for an index beyond the tree. */
async function entryAt(entries: EntryStore, index: bigint): Promise<StoredEntry> {
  const entry = await entries.get(index);
  if (entry !== undefined) return entry;
  const description = `must be below the ${await entries.size()} entries of the log, got ${index}`;
  throw detailedError('OUT_OF_RANGE', `index ${description}`, BadRequestSchema, {
    fieldViolations: [{ field: 'index', description }],
  });
}

function nothingSealed(stoppedBecause?: string): RpcError {
  const stopped =
    stoppedBecause === undefined
      ? ''
      : `, and this replica has stopped: ${stoppedBecause}; if a successor has just begun, restart audit, which goes on with it`;
  return new RpcError('NOT_FOUND', `no head of the log is recorded yet${stopped}`);
}
