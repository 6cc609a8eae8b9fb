import type { Session } from '@meridian/kit/postgres/database.ts';
import type { LogSource } from '@meridian/verifier/log-source.ts';
import { encodeBundle } from '@meridian/verifier/tiles.ts';
import { TILE_WIDTH } from '../log/merkle.ts';
import { EntryStore } from '../entry-store.ts';
import { HeadStore } from '../head-store.ts';
import { shownLeaf } from '../leaf.ts';
import { LogReader } from '../log/log-reader.ts';

/** The log as the service shows it of its tables, for a verifier who believes none of it. */
export function tablesLog(session: Session): LogSource {
  const [reader, entries] = [new LogReader(session), new EntryStore(session)];
  const heads = new HeadStore(session);
  return {
    checkpoint: async () => Buffer.from((await heads.newest())?.note ?? ''),
    // What it cannot show is not there, whatever the service says of it.
    tile: (level, index, width) =>
      reader.tile(level, BigInt(index), width).catch((): undefined => undefined),
    entries: async (index, width) => {
      const first = BigInt(index * TILE_WIDTH);
      return encodeBundle((await entries.events(first, width)).map(shownLeaf));
    },
  };
}
