import { toJsonString } from '@bufbuild/protobuf';
import type { DescMethod, Message } from '@bufbuild/protobuf';
import type { Session } from '@meridian/kit/postgres/database.ts';
import type { Handlers, ServerCall } from '@meridian/kit/rpc/handlers.ts';
import { AuditService } from './contract/gen/meridian/audit/v1/audit_pb.js';

/** A call of this service. */
export interface StoredRead {
  readonly position: bigint;
  readonly reader: string;
  readonly method: string;
  readonly request: string;
  readonly time: Date;
}

interface Row {
  /** A bigint as text. */
  readonly position: string;
  readonly reader: string;
  readonly method: string;
  readonly request: string;
  readonly read_at: Date;
}

/** Who read what; a list of its own, apart from the log. */
export class ReadLog {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Notes a call: for the account that made it, else for the service or task that did. */
  async add(method: DescMethod, request: Message, { context, peer }: ServerCall): Promise<void> {
    const asked = toJsonString(method.input, request);
    await this.#session.query({
      name: 'audit_add_read',
      text: 'INSERT INTO reads (reader, method, request) VALUES ($1, $2, $3)',
      values: [context?.subject ?? peer, method.name, asked],
    });
  }

  /** The newest first, of one reader or of all, before a position. */
  async list(reader: string, limit: number, before?: string): Promise<readonly StoredRead[]> {
    const of = reader === '' ? '' : 'AND reader = $3';
    const rows = await this.#session.query<Row>({
      name: reader === '' ? 'audit_reads' : 'audit_reads_of',
      text: `SELECT position, reader, method, request, read_at FROM reads
             WHERE ($1::bigint IS NULL OR position < $1) ${of}
             ORDER BY position DESC LIMIT $2`,
      values: [before ?? null, limit, ...(reader === '' ? [] : [reader])],
    });
    return rows.map(({ position, read_at: time, ...read }) => ({
      ...read,
      position: BigInt(position),
      time,
    }));
  }
}

type AuditHandlers = Handlers<typeof AuditService>;
type AnyHandler = (request: Message, call: ServerCall) => unknown;

const { importBaseline, startSuccessor } = AuditService.method;
/** The methods that read nothing. */
const WRITES: ReadonlySet<string> = new Set([importBaseline.name, startSuccessor.name]);

const { getTile, listLeaves, listHistories } = AuditService.method;
/** What programs read all of the log by, page after page: of no account, it would bury who read what. */
const BULK: ReadonlySet<string> = new Set([getTile.name, listLeaves.name, listHistories.name]);

/**
 * The same methods; each call that reads is noted before it is answered, and not answered if it cannot be noted.
 * A program that reads all of the log for no account is noted by its other calls.
 */
export function recorded(handlers: AuditHandlers, reads: ReadLog): AuditHandlers {
  const entries = AuditService.methods.map((method) => {
    const handler = handlers[method.localName as keyof AuditHandlers] as AnyHandler;
    const noted: AnyHandler = async (request, call) => {
      const isNoted =
        !WRITES.has(method.name) && (call.context !== undefined || !BULK.has(method.name));
      if (isNoted) await reads.add(method, request, call);
      return handler(request, call);
    };
    return [method.localName, noted] as const;
  });
  return Object.fromEntries(entries) as unknown as AuditHandlers;
}
