import { CodedError } from '@meridian/language/coded-error.ts';
import { entries, maybeEntry, serviceOf } from './entry.ts';
import type { Entry } from './entry.ts';
import type { Trail } from './trail.ts';

/** Where questions are asked. */
export type Asked = Pick<Trail, 'ask'>;

/** What belongs to an order or a trace, and what happened to an aggregate, by its id. */
export async function entriesAbout(trail: Asked, id: string): Promise<readonly Entry[]> {
  if (!ID.test(id)) return [];
  return entries.parse(
    await trail.ask({ ask: 'entries', anyOf: [{ correlationId: id }, { subject: id }] }),
  );
}

/**
 * The entry of an event.
 *
 * @throws {CodedError} AUDIT_ENTRY_UNKNOWN
 */
export async function entryOfEvent(trail: Asked, eventId: string): Promise<Entry> {
  const [found] = ID.test(eventId)
    ? entries.parse(await trail.ask({ ask: 'entries', anyOf: [{ eventId }] }))
    : [];
  if (found !== undefined) return found;
  throw new CodedError(
    'AUDIT_ENTRY_UNKNOWN',
    `Event '${eventId}': must be the id of an event that is sealed, got none of that id; 'npm run audit -- log <entity>' lists them`,
  );
}

/**
 * What an aggregate was at a time; undefined if there was none of it yet.
 *
 * @param entity its id, or `<service>/<id>` where several services have one of that id
 * @throws {CodedError} AUDIT_ENTITY_UNKNOWN, AUDIT_ENTITY_AMBIGUOUS
 */
export async function stateAt(
  trail: Asked,
  entity: string,
  time: Date,
): Promise<Entry | undefined> {
  const { source, subject } = await aggregateOf(trail, entity);
  const state = await trail.ask({ ask: 'state', source, subject, time: time.toISOString() });
  return maybeEntry.parse(state) ?? undefined;
}

async function aggregateOf(
  trail: Asked,
  entity: string,
): Promise<Pick<Entry, 'source' | 'subject'>> {
  const [, service = '', rest = ''] = /^([a-z-]+)\/(.+)$/.exec(entity) ?? [];
  const subjects = [entity, rest].filter((subject) => ID.test(subject));
  const found = entries
    .parse(await trail.ask({ ask: 'entries', anyOf: subjects.map((subject) => ({ subject })) }))
    // What cannot be read says of itself what it is about, and does not count as its state.
    .filter(({ kind }) => kind !== 'unreadable')
    .filter((entry) => entry.subject === entity || serviceOf(entry) === service);
  const sources = Map.groupBy(found, (entry) => `${serviceOf(entry)}/${entry.subject}`);
  const [[first] = []] = sources.values();
  if (sources.size === 1 && first !== undefined) return first;
  if (sources.size > 1) {
    throw new CodedError(
      'AUDIT_ENTITY_AMBIGUOUS',
      `Entity '${entity}': must be of one service, got ${[...sources.keys()].join(', ')}; give one of these`,
    );
  }
  throw unknownEntity(entity);
}

/** What nobody has told of. */
export function unknownEntity(entity: string): CodedError {
  return new CodedError(
    'AUDIT_ENTITY_UNKNOWN',
    `Entity '${entity}': must be the id of an order, a product, an account or whatever else changes, or that of a request, got one of which the trail has nothing; ids are in the answers of the API`,
  );
}

/** What the contract takes for an id: no other is in the trail. */
const ID = /^[A-Za-z0-9._:/-]{1,255}$/;
