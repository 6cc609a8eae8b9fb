import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import { LOG_LINES } from '@meridian/language/log-lines.ts';
import type { SealedLine } from '@meridian/language/log-lines.ts';
import { isUuid } from '@meridian/language/uuid.ts';
import type { Pending } from './read-pending.ts';

/** Tells of each event of a batch that it is in the log now; a baseline, which is many and nobody's, is not told of. */
export function logSealed(log: Logger, batch: readonly Pending[], firstIndex: number): void {
  batch.forEach((pending, position) => {
    if (pending.kind !== 'event') return;
    log.info(sealedLine(pending, firstIndex + position), LOG_LINES.eventSealed);
  });
}

function sealedLine({ id, type, correlationId }: Pending, entry: number): SealedLine {
  return {
    ...{ event_id: id, event_type: type, entry },
    // An order's id, and a request's if it is not the sender's own: what a client wrote is in no line (ADR 65).
    ...(isUuid(correlationId) ? { correlation_id: correlationId } : {}),
  };
}
