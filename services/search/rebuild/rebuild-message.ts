import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { IndexRebuildPhase } from '../contract/gen/meridian/search/v1/search_pb.js';
import type { IndexRebuildSchema } from '../contract/gen/meridian/search/v1/search_pb.js';
import type { Phase, RebuildRecord } from './rebuild-record.ts';

const PHASES: Readonly<Record<Phase, IndexRebuildPhase>> = {
  reading: IndexRebuildPhase.READING,
  following: IndexRebuildPhase.FOLLOWING,
  comparing: IndexRebuildPhase.COMPARING,
  switching: IndexRebuildPhase.SWITCHING,
  done: IndexRebuildPhase.DONE,
  failed: IndexRebuildPhase.FAILED,
};

/** A rebuild as the contract tells it. */
export function rebuildMessage(record: RebuildRecord): MessageInitShape<typeof IndexRebuildSchema> {
  return {
    rebuildId: record.build,
    phase: PHASES[record.phase],
    startTime: timestampFromDate(new Date(record.startTime)),
    updateTime: timestampFromDate(new Date(record.updateTime)),
    productsRead: BigInt(record.productsRead),
    eventsFollowed: BigInt(record.eventsFollowed),
    productsCompared: BigInt(record.productsCompared),
    error: record.error,
  };
}
