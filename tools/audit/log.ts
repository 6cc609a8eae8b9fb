import { rowOf } from '../order-story/entry-row.ts';
import { printable } from '../meridian/output/printable.ts';
import { table } from '../meridian/table.ts';
import { entriesAbout, unknownEntity } from './ask.ts';
import type { Asked } from './ask.ts';
import { causalHistory } from './causal-history.ts';
import { eventOf, serviceOf } from './entry.ts';
import type { Entry } from './entry.ts';

/**
 * What happened to something, across services, causes first.
 *
 * @param id of an order, a request, or an aggregate
 * @throws {CodedError} AUDIT_ENTITY_UNKNOWN, PLATFORM_NOT_RUNNING
 */
export async function history(trail: Asked, id: string): Promise<readonly Entry[]> {
  const found = causalHistory(await entriesAbout(trail, id));
  if (found.length === 0) throw unknownEntity(id);
  return found;
}

/** The same for people: a line for each entry. */
export function historyTable(entries: readonly Entry[]): string {
  const byId = new Map(entries.map(({ eventId, index }) => [eventId, index]));
  return table(
    ['ENTRY', 'TIME', 'SERVICE', 'WHAT', 'OF', 'STATE', 'BECAUSE OF'],
    entries.map((entry) => {
      const { index, eventTime, version, subject, causationId = '' } = entry;
      const what = `${eventOf(entry)}${version === undefined ? '' : ` ${version}`}`;
      const cause = byId.get(causationId);
      const because = cause === undefined ? causationId : `entry ${cause}`;
      return [
        `${index}`,
        eventTime,
        serviceOf(entry),
        what,
        subject,
        rowOf(entry)?.state ?? '',
        because,
      ].map(printable);
    }),
  );
}
