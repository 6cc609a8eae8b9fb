import { setTimeout as delay } from 'node:timers/promises';
import type { Heard } from './answer-under-trouble.ts';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** How long a reader waits between two reads: what is shown is an outage, and not how much the edge carries. */
const PAUSE_MS = 100;

/** A reader at the edge who goes on reading, and keeps every answer that was not a 200. */
export interface Reading extends AsyncDisposable {
  readonly count: number;
  /** What was not a 200. */
  readonly heard: readonly Heard[];
  end(): Promise<{ readonly failures: readonly string[]; readonly count: number }>;
}

/** Reads through the edge, a new connection each, until told to end. */
export function readWhile(
  platform: PlatformUnderTest,
  targets: readonly string[] = ['/v1/products?page_size=1'],
): Reading {
  const heard: Heard[] = [];
  const stop = new AbortController();
  let count = 0;
  const loop = (async () => {
    while (!stop.signal.aborted) {
      try {
        const answer = await platform.get(targets[count % targets.length] ?? '/');
        if (answer.status !== 200) heard.push(answer);
      } catch (error) {
        heard.push({ broken: String(error) });
      }
      count += 1;
      await delay(PAUSE_MS);
    }
  })();
  return {
    get count() {
      return count;
    },
    heard,
    async end() {
      stop.abort();
      await loop;
      const failures = heard.map((one) =>
        'broken' in one ? one.broken : `${one.status} ${one.body}`,
      );
      return { failures, count };
    },
    async [Symbol.asyncDispose]() {
      await this.end();
    },
  };
}
