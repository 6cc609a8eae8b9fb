import { setTimeout as delay } from 'node:timers/promises';
import type { Gauge } from 'prom-client';
import { messageOf } from '@meridian/language/thrown.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';

/** What an engine has said. */
export interface EngineAnswer {
  /** Those of its processes that are there. */
  readonly there: readonly string[];
  /** Puts what it said into the metrics. */
  readonly show: () => void;
}

/** One engine as it is asked. */
export interface EnginePoll {
  /** As alerts name it. */
  readonly engine: string;
  /** Its processes, as they are known before anybody asks. */
  readonly nodes: readonly string[];
  /** Asks it, and shows nothing by itself: an answer may come too late. Rejects where it does not answer. */
  readonly ask: () => Promise<EngineAnswer>;
  /** Shows nothing of it any more: what was true before it was away is not shown as if it still were. */
  readonly forget: () => void;
}

/** How engines are asked. */
export interface PollOptions {
  readonly up: Gauge;
  readonly log: Logger;
  readonly intervalMs: number;
  /** An engine that does not answer within it is away. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks an engine again and again until the signal, and shows of each of its processes whether it is there. It never
 * rejects: an engine that is away is what it is for.
 */
export async function pollEngine(poll: EnginePoll, options: PollOptions): Promise<void> {
  const { signal, intervalMs } = options;
  // A gauge begins with 0, which would say something.
  poll.forget();
  let wasThere: boolean | undefined;
  while (!signal.aborted) {
    const isThere = await askOnce(poll, options, wasThere);
    wasThere = isThere;
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

async function askOnce(
  { engine, nodes, ask, forget }: EnginePoll,
  { up, log, timeoutMs, signal }: PollOptions,
  wasThere: boolean | undefined,
): Promise<boolean> {
  try {
    const { there, show } = await within(ask(), timeoutMs);
    if (signal.aborted) return false;
    show();
    for (const node of nodes) up.set({ engine, node }, there.includes(node) ? 1 : 0);
    if (wasThere === false) log.info({ engine }, 'the engine answers again');
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    forget();
    for (const node of nodes) up.set({ engine, node }, 0);
    if (wasThere !== false) log.warn({ engine, reason: messageOf(error) }, 'the engine is away');
    return false;
  }
}

/** What is late is not waited for, and what it says in the end is shown by nobody. */
async function within<Answer>(answer: Promise<Answer>, timeoutMs: number): Promise<Answer> {
  const timer = new AbortController();
  const late = delay(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer within ${timeoutMs} ms`);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
    answer.catch(() => undefined);
    late.catch(() => undefined);
  }
}
