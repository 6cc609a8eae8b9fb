import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@meridian/language/thrown.ts';
import type { ProbeOperation, ProbeOutcome } from '@meridian/language/probe-metrics.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';
import { outcomeOf } from './edge-client.ts';
import type { EdgeAnswer } from './edge-client.ts';
import type { NoteAttempt } from './probe-metrics.ts';

/** Something that is attempted again and again. */
export interface Probing {
  readonly operation: ProbeOperation;
  /** Rejects where no answer comes. */
  readonly attempt: () => Promise<EdgeAnswer>;
  readonly intervalMs: number;
  /** From 0 to 1: by how much of the interval it is later than the probes of other zones. */
  readonly phase: number;
}

/** What a probe works with. */
export interface ProbingParts {
  readonly note: NoteAttempt;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** A timer may be early by a little; what it was for is not done twice then. */
const EARLY_MS = 100;

/** Attempts something once in each interval until the signal, and notes what comes of it. It never rejects. */
export async function probe(probing: Probing, { note, log, signal }: ProbingParts): Promise<void> {
  const { operation } = probing;
  const isOver = (): boolean => signal.aborted;
  let before: ProbeOutcome | undefined;
  while (!isOver()) {
    await delay(untilNextMs(probing, Date.now()), undefined, { signal }).catch(() => undefined);
    if (isOver()) return;
    const startedMs = performance.now();
    const { outcome, reason } = await attempted(probing);
    // What was given up says nothing.
    if (isOver()) return;
    note(operation, outcome, (performance.now() - startedMs) / 1_000);
    if (outcome !== before) tell(log, operation, outcome, reason);
    before = outcome;
  }
}

/** Milliseconds until the next of the moments that are an interval apart, by a clock that all zones share. */
export function untilNextMs(
  { intervalMs, phase }: Pick<Probing, 'intervalMs' | 'phase'>,
  nowMs: number,
): number {
  const sinceMs = (nowMs - phase * intervalMs) % intervalMs;
  const leftMs = intervalMs - sinceMs;
  return leftMs < EARLY_MS ? leftMs + intervalMs : leftMs;
}

async function attempted({
  attempt,
}: Probing): Promise<{ readonly outcome: ProbeOutcome; readonly reason: string }> {
  try {
    const answer = await attempt();
    return { outcome: outcomeOf(answer), reason: `status ${answer.status}` };
  } catch (error) {
    return { outcome: 'unreachable', reason: messageOf(error) };
  }
}

function tell(log: Logger, operation: ProbeOperation, outcome: ProbeOutcome, reason: string): void {
  if (outcome === 'ok') log.info({ operation, outcome }, 'users are answered');
  else log.warn({ operation, outcome, reason }, 'users may not be answered as they should');
}
