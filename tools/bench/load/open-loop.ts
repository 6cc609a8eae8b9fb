import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, messageOf } from '@meridian/language/thrown.ts';
import { Pool } from 'undici';
import { Latencies } from './latencies.ts';
import type { LatencySummary } from './latencies.ts';

/** Requests at a steady pace, whether or not earlier ones have been answered. */
export interface Pace {
  readonly ratePerSecond: number;
  readonly seconds: number;
}

/** Reads at a steady pace. */
export interface Load extends Pace {
  /** Such as https://localhost:8443. */
  readonly origin: string;
  readonly path: string;
  /** Certificate that the server's must come from, in PEM. */
  readonly ca: string;
  /** Connections that requests share; one that finds none free waits, and its wait counts. */
  readonly connections: number;
}

/** How a load was answered. Latencies are milliseconds from the moment at which a request was due. */
export interface Answers {
  readonly sent: number;
  readonly answered: number;
  /** Requests by what came instead of 200: a status, or the code of an error. */
  readonly failures: Readonly<Record<string, number>>;
  readonly answeredPerSecond: number;
  readonly latencyMs: LatencySummary;
}

/** How long answers may take after the last request was due, before they count as failures. */
const PATIENCE_MS = 10_000;

/** Sends one request; gives what came instead of a success, or undefined. Throws if nothing came. */
export type Ask = (signal: AbortSignal) => Promise<string | undefined>;

/** Sends the same read again and again, in an open loop. */
export async function openLoop(load: Load): Promise<Answers> {
  const { origin, path, ca, connections } = load;
  const pool = new Pool(origin, { connections, pipelining: 1, connect: { ca } });
  try {
    return await atPace(load, async (signal) => {
      const { statusCode, body } = await pool.request({ method: 'GET', path, signal });
      await body.dump();
      return statusCode === 200 ? undefined : String(statusCode);
    });
  } finally {
    await pool.destroy();
  }
}

/**
 * Sends requests in an open loop. Each has a moment at which it is due, and its latency runs from there: a
 * server that stalls is charged for every request that would have been sent meanwhile, which a client that
 * waits for an answer before it asks again leaves out ("coordinated omission", Gil Tene, "How NOT to
 * Measure Latency", 2015).
 */
export async function atPace({ ratePerSecond, seconds }: Pace, ask: Ask): Promise<Answers> {
  const latencies = new Latencies();
  const failures = new Map<string, number>();
  const gaveUp = new AbortController();
  const count = Math.round(ratePerSecond * seconds);
  const pending = new Set<Promise<void>>();
  let answered = 0;

  const askOnce = async (due: number): Promise<void> => {
    try {
      const failure = await ask(gaveUp.signal);
      if (failure !== undefined) {
        note(failures, failure);
        return;
      }
      answered += 1;
      latencies.note(performance.now() - due);
    } catch (thrown) {
      note(failures, gaveUp.signal.aborted ? 'no answer' : nameOf(thrown));
    }
  };

  const startedAt = performance.now();
  for (let next = 0; next < count;) {
    const now = performance.now();
    for (; next < count && dueAt(next) <= now; next += 1) {
      const one = askOnce(dueAt(next)).finally(() => pending.delete(one));
      pending.add(one);
    }
    await delay(1);
  }
  const patience = setTimeout(() => gaveUp.abort(), PATIENCE_MS);
  await Promise.all(pending);
  clearTimeout(patience);
  const elapsedMs = performance.now() - startedAt;
  return {
    sent: count,
    answered,
    failures: Object.fromEntries([...failures].sort()),
    answeredPerSecond: (answered / elapsedMs) * 1e3,
    latencyMs: latencies.summary(),
  };

  function dueAt(index: number): number {
    return startedAt + (index * 1e3) / ratePerSecond;
  }
}

function note(failures: Map<string, number>, what: string): void {
  failures.set(what, (failures.get(what) ?? 0) + 1);
}

function nameOf(thrown: unknown): string {
  const code = codeOf(thrown);
  return typeof code === 'string' ? code : messageOf(thrown);
}
