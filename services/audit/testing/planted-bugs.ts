import { eventually } from '@meridian/kit/testing/eventually.ts';
import type { Session } from '@meridian/kit/postgres/database.ts';
import { describeFinding } from '@meridian/verifier/findings.ts';
import { EventStore } from '../event-store.ts';
import { eventOf } from './events.ts';
import { judge } from './judge.ts';
import { aroundQueries } from './kill-points.ts';
import type { Query } from './kill-points.ts';
import type { LogWorld } from './log-world.ts';
import { PublicationInMemory } from './publication-in-memory.ts';

/** Bugs that can be planted between the parts of a log; what runs has none of them. */
export const BUGS = [
  'a leaf without the time',
  'an index assigned twice',
  'an event lost before ingestion',
  'a head signed before its tiles are durable',
] as const;

/** One of BUGS. */
export type Bug = (typeof BUGS)[number];

/** More than a tile. */
const EVENTS = 300;

/**
 * Takes events in, seals them and publishes their head, with a bug or without; then changes the time of one. Returns
 * whatever is found wrong with that log by anybody, but for the change, which must be found.
 */
export async function problemsOf(world: LogWorld, bug?: Bug): Promise<readonly string[]> {
  await world.reset();
  const { database, lines } = world.process;
  const publication = new PublicationInMemory();
  const told = lines.length;
  const taken = Array.from({ length: EVENTS }, (_, at) => eventOf('a', at + 1));
  if (bug === 'an event lost before ingestion') taken.splice(6, 1);
  await new EventStore(database).add(taken);
  const sequencer = world.sequence(publication, {
    database: aroundQueries(database, (query) => withBug(query, bug)),
  });
  const refused = await eventually(async () => {
    const line = lines
      .slice(told)
      .map((each) => JSON.stringify(each))
      .find((text) => text.includes('cannot be sealed'));
    const ended = sequencer.stoppedBecause ?? line;
    const sealed = (await world.newestHead())?.size === BigInt(taken.length);
    if (ended === undefined && !sealed) throw new Error('the log is neither sealed nor stopped');
    return ended;
  });
  await world.stopAll();
  if (refused !== undefined) return [refused];
  const asked = withBug((statement) => database.query(statement), bug);
  const shown: Session = { query: async (statement) => (await asked(statement)) as never };
  const look = () =>
    judge(
      shown,
      publication.heads.map(({ note }) => note),
      publication.keys.map(({ vkey }) => vkey),
    );
  const { findings, incomplete } = await look();
  const problems = [...findings, ...incomplete].map(describeFinding);
  await world.asTamperer(
    `UPDATE events SET event_time = event_time + interval '1 millisecond' WHERE id = 'a-5'`,
  );
  const changed = (await look()).findings;
  const isFound = changed.some((finding) => finding.kind === 'leaf' && finding.index === 4);
  return isFound ? problems : [...problems, 'a time was changed, and nobody finds it'];
}

/** Statements as a program with the bug would make them. */
function withBug(query: Query, bug: Bug | undefined): Query {
  let isLost = false;
  return async (statement) => {
    const { name } = statement;
    if (bug === 'a leaf without the time') {
      const rows = await query(statement);
      return /^(audit_pending|entries_in_order)$/.test(name)
        ? rows.map((row) => ({ ...row, event_time: new Date(0) }))
        : rows;
    }
    if (bug === 'an index assigned twice' && name === 'audit_seal') {
      return query({ ...statement, text: statement.text.replace('$2 + at - 1', '$2 + at / 2') });
    }
    if (bug === 'a head signed before its tiles are durable') {
      // The batch is on its way to the disk when the power fails: nothing after it is written either.
      if (isLost && name === 'audit_pending') return [];
      if (isLost && name === 'audit_record_head') throw new Error('the power has failed');
      if (name === 'audit_seal') {
        isLost = true;
        return [{ sealed: EVENTS }];
      }
    }
    return query(statement);
  };
}
