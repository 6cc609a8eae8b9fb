import { setTimeout as delay } from 'node:timers/promises';
import type { Gauge } from 'prom-client';
import { messageOf } from '@meridian/language/thrown.ts';
import type { Logger } from '@meridian/kit/telemetry/logger.ts';

/** What an engine has said. */
export interface EngineAnswer {
  /** Those of its processes that are there. */
  readonly there: readonly string[];
  /** All of its processes, where it names them itself. @default those that were known before */
  readonly nodes?: readonly string[];
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
  let known: Known = { nodes: poll.nodes, isThere: undefined };
  while (!signal.aborted) {
    known = await askOnce(poll, options, known);
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}

/** What is known of an engine from the question before. */
interface Known {
  readonly nodes: readonly string[];
  /** Undefined before the first. */
  readonly isThere: boolean | undefined;
}

async function askOnce(
  { engine, ask, forget }: EnginePoll,
  { up, log, timeoutMs, signal }: PollOptions,
  known: Known,
): Promise<Known> {
  try {
    const { there, show, nodes = known.nodes } = await within(ask(), timeoutMs);
    if (signal.aborted) return known;
    show();
    for (const node of known.nodes) if (!nodes.includes(node)) up.remove({ engine, node });
    for (const node of nodes) up.set({ engine, node }, there.includes(node) ? 1 : 0);
    if (known.isThere === false) log.info({ engine }, 'the engine answers again');
    return { nodes, isThere: true };
  } catch (error) {
    if (signal.aborted) return known;
    forget();
    for (const node of known.nodes) up.set({ engine, node }, 0);
    if (known.isThere !== false)
      log.warn({ engine, reason: messageOf(error) }, 'the engine is away');
    return { ...known, isThere: false };
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
