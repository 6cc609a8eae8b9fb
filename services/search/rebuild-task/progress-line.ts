import { timestampDate } from '@bufbuild/protobuf/wkt';
import { IndexRebuildPhase } from '../contract/gen/meridian/search/v1/search_pb.js';
import type { IndexRebuild } from '../contract/gen/meridian/search/v1/search_pb.js';

/** The contract says half a minute; clocks of two machines may differ a little. */
const DEAD_AFTER_MS = 45_000;

/** Whether a rebuild has said nothing for so long that nobody works at it. */
export function hasDied({ updateTime }: IndexRebuild, now: Date): boolean {
  if (updateTime === undefined) return false;
  return now.getTime() - timestampDate(updateTime).getTime() > DEAD_AFTER_MS;
}

/** How far a rebuild is, in a line. */
export function progressLine(rebuild: IndexRebuild): string {
  const { phase, productsRead, eventsFollowed, productsCompared, startTime, updateTime } = rebuild;
  const seconds =
    startTime === undefined || updateTime === undefined
      ? 0
      : (timestampDate(updateTime).getTime() - timestampDate(startTime).getTime()) / 1_000;
  const rate = seconds < 1 ? '' : ` (${Math.round(Number(productsRead) / seconds)} a second)`;
  switch (phase) {
    case IndexRebuildPhase.READING:
      return `Reading the catalogue: ${productsRead} products${rate}`;
    case IndexRebuildPhase.FOLLOWING:
      return `Following the events since it began`;
    case IndexRebuildPhase.COMPARING:
      return `Comparing with the catalogue: ${productsCompared} of ${productsRead} products`;
    case IndexRebuildPhase.SWITCHING:
      return 'Taking the place of the index in use';
    case IndexRebuildPhase.DONE:
      return `Done in ${seconds.toFixed(1)} s: ${productsRead} products, ${eventsFollowed} events`;
    case IndexRebuildPhase.FAILED:
      return 'Given up';
    case IndexRebuildPhase.UNSPECIFIED:
      return 'Waiting';
  }
}
