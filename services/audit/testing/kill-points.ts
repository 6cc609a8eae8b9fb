import type { Database, Statement } from '@meridian/kit/postgres/database.ts';
import type { QueryResultRow } from 'pg';
import type { Publication } from '../publication/publication.ts';

/** Where in a round a sequencer is hit. */
export const KILL_POINTS = [
  'before the batch is committed',
  'between commit and signature',
  'between signature and publication',
  'between publication and record',
  'after the record',
] as const;

export type KillPoint = (typeof KILL_POINTS)[number];

/** Called at each point that is passed. */
export type Passing = (point: KillPoint) => void | Promise<void>;

/** A database whose sessions tell which points they pass. */
export function watchedDatabase(
  database: Pick<Database, 'dedicate'>,
  pass: Passing,
): Pick<Database, 'dedicate'> {
  return aroundQueries(database, (query) => async (statement) => {
    const { name } = statement;
    if (name === 'audit_seal') await pass('before the batch is committed');
    const rows = await query(statement);
    if (name === 'audit_seal') await pass('between commit and signature');
    if (name === 'audit_record_head') await pass('after the record');
    return rows;
  });
}

/** What a session does with a statement. */
export type Query = (statement: Statement) => Promise<readonly QueryResultRow[]>;

/** A database of whose sessions something else is done with statements. */
export function aroundQueries(
  database: Pick<Database, 'dedicate'>,
  around: (query: Query) => Query,
): Pick<Database, 'dedicate'> {
  return {
    dedicate: async (options) => {
      const session = await database.dedicate(options);
      const query = around((statement) => session.query(statement));
      return {
        query: async (statement) => (await query(statement)) as never,
        get lost() {
          return session.lost;
        },
        listen: (channel, onNotice) => session.listen(channel, onNotice),
        close: () => session.close(),
      };
    },
  };
}

/** A publication that tells which points it passes. */
export function watchedPublication(publication: Publication, pass: Passing): Publication {
  return {
    newest: (below) => publication.newest(below),
    showNewest: (head) => publication.showNewest(head),
    certificates: (keyId) => publication.certificates(keyId),
    publish: async (head) => {
      await pass('between signature and publication');
      await publication.publish(head);
      await pass('between publication and record');
    },
    publishKey: (key) => publication.publishKey(key),
  };
}
