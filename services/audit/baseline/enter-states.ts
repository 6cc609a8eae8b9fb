import type { Session } from '@meridian/kit/postgres/database.ts';
import { FieldViolations } from '@meridian/kit/rpc/field-violations.ts';
import { refuseIfInvalid } from '@meridian/kit/rpc/invalid-argument.ts';
import type { BaselineState } from '../contract/gen/meridian/audit/v1/audit_pb.js';
import { EventStore } from '../event-store.ts';
import { AGGREGATE_KINDS, kindOf, readTold } from '../reconciliation/aggregates.ts';
import type { StoredEvent } from '../stored-event.ts';

interface BeginningRow {
  readonly source: string;
  readonly subject: string;
  readonly kind: 'event' | 'baseline';
  readonly type: string;
  readonly data: Buffer;
  readonly archived: boolean;
}

const NOT_TOLD = 'must be an event that tells the state of the subject at the version';

/** What a history that needs no baseline begins with. */
const BEGINNINGS = `
  SELECT event.source, event.subject, event.kind, event.type, coalesce(event.data, '') AS data,
         event.archived_leaf IS NOT NULL AS archived
  FROM unnest($1::text[], $2::text[]) AS given (source, subject)
  JOIN events AS event USING (source, subject)
  WHERE event.version = 1 OR event.kind = 'baseline'`;

/**
 * Enters what aggregates are, each once, where their history does not begin with a state already; returns how
 * many are new.
 *
 * @throws {RpcError} INVALID_ARGUMENT for a state that does not say what it is said to
 */
export async function enterStates(
  session: Session,
  states: readonly BaselineState[],
): Promise<number> {
  const violations = new FieldViolations();
  for (const [index, state] of states.entries()) {
    if (!tellsVersion(state)) violations.add(`states[${index}].data`, NOT_TOLD);
  }
  refuseIfInvalid(violations);
  const rows = await session.query<BeginningRow>({
    name: 'audit_beginnings',
    text: BEGINNINGS,
    values: [states.map(({ source }) => source), states.map(({ subject }) => subject)],
  });
  const begun = new Set(rows.filter(tellsState).map(keyOf));
  const entered = states.filter((state) => !begun.has(keyOf(state)));
  return new EventStore(session).add(entered.map(toEvent));
}

/** Whether it is what a service of ours would tell of one of its aggregates. */
function tellsVersion({ source, subject, version, type, data }: BaselineState): boolean {
  const service = serviceOf(source);
  if (!AGGREGATE_KINDS.some((kind) => kind.service === service)) return false;
  const told = readTold(kindOf(service, subject), type, data);
  return told?.state !== undefined && told.version === version;
}

function tellsState({ source, subject, kind, type, data, archived }: BeginningRow): boolean {
  if (kind === 'baseline' || archived) return true;
  return readTold(kindOf(serviceOf(source), subject), type, data)?.state !== undefined;
}

/** The name of the service that a SPIFFE ID is of. */
function serviceOf(source: string): string {
  return source.slice(source.lastIndexOf('/') + 1);
}

function keyOf({ source, subject }: { readonly source: string; readonly subject: string }): string {
  return `${source} ${subject}`;
}

function toEvent({ source, subject, version, type, data }: BaselineState): StoredEvent {
  const id = `baseline/${subject}/${version}`;
  return {
    ...{ kind: 'baseline', source, id, type, subject, version, data, correlationId: id },
    ...{ time: new Date(), causationId: undefined },
  };
}
