import { toJson } from '@bufbuild/protobuf';
import type { JsonValue } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Clients } from '@meridian/kit/clients.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { EntrySchema } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import type { Entry } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import type { EntryFilter, Question } from './question.ts';
import type { auditReading } from './task.ts';

type Audit = Clients<typeof auditReading>['audit'];

/** How a call ends early. */
interface Options {
  readonly signal: AbortSignal;
}

/** Pages that do not end, or more than a history can be: whoever answers so is not the audit service. */
export class EndlessPages extends Error {
  override readonly name = 'EndlessPages';
}

/** What entries carry, of all together. */
const BYTES_MAX = 2 ** 29;

/** The largest page that the contract allows. */
const PAGE_SIZE = 1000;

/** Asks the audit service; the answer is JSON, entries in the JSON form of protobuf. */
export async function answer(audit: Audit, question: Question, options: Options): Promise<unknown> {
  switch (question.ask) {
    case 'entries':
      return (await entriesOf(audit, question.anyOf, options)).map(jsonOf);
    case 'state':
      return await stateOf(audit, question, options);
    case 'proofs':
      return await proofsOf(audit, question.indexes, options);
  }
}

/** Each entry once, in the order of the log. */
async function entriesOf(
  audit: Audit,
  anyOf: readonly EntryFilter[],
  options: Options,
): Promise<readonly Entry[]> {
  const found = new Map<bigint, Entry>();
  let bytes = 0;
  for (const filter of anyOf) {
    let last = -1n;
    for (let pageToken = '', more = true; more;) {
      const page = await audit.listEntries({ ...filter, pageToken, pageSize: PAGE_SIZE }, options);
      for (const entry of page.entries) {
        found.set(entry.index, entry);
        bytes += entry.data.length + entry.dataJson.length;
      }
      pageToken = page.nextPageToken;
      more = pageToken !== '';
      const reached = page.entries.at(-1)?.index ?? last;
      if (more && reached <= last)
        throw new EndlessPages('a page without an entry behind the last');
      if (bytes > BYTES_MAX) throw new EndlessPages(`entries of more than ${BYTES_MAX} bytes`);
      last = reached;
    }
  }
  return [...found.values()].toSorted((one, other) => Number(one.index - other.index));
}

/** Null if there was none at that time. */
async function stateOf(
  audit: Audit,
  { source, subject, time }: Extract<Question, { ask: 'state' }>,
  options: Options,
): Promise<JsonValue> {
  const request = { source, subject, time: timestampFromDate(new Date(time)) };
  const state = await audit.getStateAt(request, options).catch(nothingIfAbsent);
  return state?.entry === undefined ? null : jsonOf(state.entry);
}

/** Of one head, so that they can be checked against one line of text; of entries behind it there is none. */
async function proofsOf(
  audit: Audit,
  indexes: readonly string[],
  options: Options,
): Promise<unknown> {
  const head = await audit.getCheckpoint({}, options).catch(nothingIfAbsent);
  if (head?.checkpoint === undefined) return { note: null, proofs: [] };
  const { note, treeSize } = head.checkpoint;
  const proofs = [];
  for (const index of indexes.map(BigInt).filter((each) => each < treeSize)) {
    const [{ leaf }, { hashes }] = await Promise.all([
      audit.getEntry({ index }, options),
      audit.getInclusionProof({ index, treeSize }, options),
    ]);
    proofs.push({ index: `${index}`, leaf: base64(leaf), hashes: hashes.map(base64) });
  }
  return { note, proofs };
}

function nothingIfAbsent(error: unknown): undefined {
  if (error instanceof RpcError && error.status === 'NOT_FOUND') return undefined;
  throw error;
}

function jsonOf(entry: Entry): JsonValue {
  return toJson(EntrySchema, entry);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
