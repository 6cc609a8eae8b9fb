import { setTimeout as delay } from 'node:timers/promises';
import type { PlatformUnderTest } from './platform-under-test.ts';

/** A reader at the edge who does not pause, and keeps every answer that was not a 200. */
export interface Reading extends AsyncDisposable {
  readonly count: number;
  end(): Promise<{ readonly failures: readonly string[]; readonly count: number }>;
}

/** Reads products through the edge, a new connection each, until told to end. */
export function readWhile(platform: PlatformUnderTest): Reading {
  const failures: string[] = [];
  const stop = new AbortController();
  let count = 0;
  const loop = (async () => {
    while (!stop.signal.aborted) {
      try {
        const { status, body } = await platform.get('/v1/products?page_size=1');
        if (status !== 200) failures.push(`${status} ${body}`);
      } catch (error) {
        failures.push(String(error));
      }
      count += 1;
      await delay(20);
    }
  })();
  return {
    get count() {
      return count;
    },
    async end() {
      stop.abort();
      await loop;
      return { failures, count };
    },
    async [Symbol.asyncDispose]() {
      await this.end();
    },
  };
}
